// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/token_request.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::microsoft {
namespace {

const std::chrono::sys_seconds kNow{std::chrono::seconds(1'700'000'000)};

/// For how many seconds the token is good; -1: there is none.
std::int64_t good_for(const std::string& json) {
  const auto token = read_token(json, kNow);
  if (!token) return -1;
  EXPECT_EQ(token->value, "tok.en");
  return std::chrono::floor<std::chrono::seconds>(token->expires - kNow).count();
}

TEST(TokenAnswer, says_how_long_the_token_is_good) {
  EXPECT_EQ(good_for(R"({"access_token":"tok.en","expires_in":3599,"token_type":"Bearer"})"), 3599);
  EXPECT_EQ(good_for(R"({"access_token":"tok.en","expires_in":"3599"})"), 3599);
  EXPECT_EQ(good_for(R"({"access_token":"tok.en","expires_on":"1700000060"})"), 60);
  EXPECT_EQ(good_for(R"({"access_token":"tok.en","expires_on":1700000060})"), 60);
  EXPECT_EQ(good_for(R"({"access_token":"tok.en","expires_in":9223372036854775807})"), 604'800);
}

TEST(TokenAnswer, is_refused_without_a_token_that_can_be_used) {
  for (const std::string json :
       {R"()", R"(<html>)", R"([])", R"({"access_token":"tok.en"})",
        R"({"access_token":"tok.en","expires_in":0})",
        R"({"access_token":"tok.en","expires_in":-5})",
        R"({"access_token":"tok.en","expires_on":"1699999999"})",
        R"({"access_token":"tok.en","expires_on":-9223372036854775808})",
        R"({"access_token":"tok.en","expires_in":"soon"})",
        R"({"access_token":"tok.en","expires_in":1e300})", R"({"access_token":"","expires_in":60})",
        R"({"access_token":7,"expires_in":60})",
        R"({"access_token":"a\r\nX-Evil: 1","expires_in":60})",
        R"({"access_token":"é","expires_in":60})"}) {
    EXPECT_FALSE(read_token(json, kNow)) << json;
  }
}

TEST(TokenAnswer, tells_an_error_by_its_codes_alone) {
  EXPECT_EQ(
      token_error(R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid"})"),
      "invalid_client AADSTS7000215");
  EXPECT_EQ(token_error(R"({"error":"invalid_request","error_description":"Identity not found"})"),
            "invalid_request");
  EXPECT_EQ(token_error(R"({"error":"a secret\n"})"), "");
  EXPECT_EQ(token_error(R"({"error":{"code":1}})"), "");
  EXPECT_EQ(token_error("<html>"), "");
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
