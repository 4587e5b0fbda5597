// SPDX-License-Identifier: Apache-2.0
#include "auth/claims.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using std::chrono::seconds;
using Cause = TokenRefusal::Cause;

constexpr Timestamp kNow{seconds(1'700'000'000)};

Claims claims_of(const std::string& text) {
  return Claims::parse(text).value();
}

/// A claim with a number that lies so many seconds from now.
std::string at(const char* name, long long from_now) {
  return "{\"" + std::string(name) + "\":" + std::to_string(1'700'000'000 + from_now) + "}";
}

std::optional<Cause> cause_of(const std::optional<TokenRefusal>& refusal) {
  return refusal ? std::optional(refusal->cause) : std::nullopt;
}

std::optional<Cause> times(const std::string& text) {
  return cause_of(claims_of(text).check_times(kNow));
}

TEST(Claims, are_a_json_object) {
  EXPECT_TRUE(Claims::parse("{}"));
  for (const char* text : {"", "[]", "null", "7", "\"x\"", "{", R"({"sub":"a","sub":"b"})"}) {
    const auto claims = Claims::parse(text);
    ASSERT_FALSE(claims) << text;
    EXPECT_EQ(claims.error().cause, Cause::claims);
  }
}

TEST(Claims, without_times_hold_always) {
  EXPECT_EQ(times("{}"), std::nullopt);
  EXPECT_EQ(claims_of("{}").refused_from(), std::nullopt);
}

TEST(Claims, expire_a_minute_after_exp) {
  EXPECT_EQ(times(at("exp", 1)), std::nullopt);
  EXPECT_EQ(times(at("exp", -59)), std::nullopt);
  EXPECT_EQ(times(at("exp", -60)), Cause::expired);  // "on or after which" (RFC 7519, 4.1.4)
  EXPECT_EQ(claims_of(at("exp", 0)).refused_from(), kNow + seconds(60));
}

TEST(Claims, begin_a_minute_before_nbf) {
  EXPECT_EQ(times(at("nbf", -1)), std::nullopt);
  EXPECT_EQ(times(at("nbf", 60)), std::nullopt);
  EXPECT_EQ(times(at("nbf", 61)), Cause::not_yet_valid);
}

TEST(Claims, are_refused_when_they_were_issued_in_the_future) {
  EXPECT_EQ(times(at("iat", -1'000'000)), std::nullopt);
  EXPECT_EQ(times(at("iat", 60)), std::nullopt);
  EXPECT_EQ(times(at("iat", 61)), Cause::not_yet_valid);
}

TEST(Claims, have_times_with_fractions_and_exponents) {
  EXPECT_EQ(times(R"({"exp":1700000000.5,"nbf":1.6e9,"iat":16e8})"), std::nullopt);
  EXPECT_EQ(times(R"({"exp":1.6e9})"), Cause::expired);
}

TEST(Claims, with_a_time_of_the_wrong_type_are_refused) {
  for (const char* name : {"exp", "nbf", "iat"}) {
    for (const char* value : {"null", "\"1700000000\"", "\"\"", "true", "false", "[]",
                              "[1700000000]", "{}", "{\"a\":1}"}) {
      EXPECT_EQ(times("{\"" + std::string(name) + "\":" + value + "}"), Cause::claims)
          << name << ' ' << value;
    }
  }
}

TEST(Claims, may_hold_any_number_as_time) {
  EXPECT_EQ(times(R"({"exp":0})"), Cause::expired);
  EXPECT_EQ(times(R"({"exp":-0.0})"), Cause::expired);
  for (const char* number : {"-1", "-9223372036854775808", "-1e308", "-1e30"}) {
    const std::string value(number);
    EXPECT_EQ(times("{\"exp\":" + value + "}"), Cause::expired) << number;
    EXPECT_EQ(times("{\"nbf\":" + value + ",\"iat\":" + value + "}"), std::nullopt) << number;
  }
  for (const char* number : {"9223372036854775807", "18446744073709551615", "1e30", "1e308",
                             "99999999999999999999999999999999999999"}) {
    const std::string value(number);
    EXPECT_EQ(times("{\"exp\":" + value + "}"), std::nullopt) << number;
    EXPECT_EQ(claims_of("{\"exp\":" + value + "}").refused_from(), std::nullopt) << number;
    EXPECT_EQ(times("{\"nbf\":" + value + "}"), Cause::not_yet_valid) << number;
    EXPECT_EQ(times("{\"iat\":" + value + "}"), Cause::not_yet_valid) << number;
  }
}

TEST(Claims, with_a_number_that_no_double_holds_are_refused) {
  for (const char* number : {"1e309", "-1e309", "1e99999999999", "1e2147483648"}) {
    const auto claims = Claims::parse("{\"exp\":" + std::string(number) + "}");
    EXPECT_TRUE(!claims || claims->check_times(kNow)) << number;
  }
}

TEST(Claims, name_their_issuer_exactly) {
  const auto issuer = [](const char* text) {
    return cause_of(claims_of(text).check_issuer("https://login.example.com"));
  };
  EXPECT_EQ(issuer(R"({"iss":"https://login.example.com"})"), std::nullopt);
  for (const char* text :
       {"{}", R"({"iss":null})", R"({"iss":7})", R"({"iss":["https://login.example.com"]})",
        R"({"iss":"https://login.example.com/"})", R"({"iss":"https://LOGIN.example.com"})",
        R"({"iss":"https://login.example.com\u0000"})", R"({"iss":""})"}) {
    EXPECT_EQ(issuer(text), Cause::issuer) << text;
  }
}

TEST(Claims, name_the_audience_alone_or_among_others) {
  const auto audience = [](const char* text) {
    return cause_of(claims_of(text).check_audience("charts"));
  };
  EXPECT_EQ(audience(R"({"aud":"charts"})"), std::nullopt);
  EXPECT_EQ(audience(R"({"aud":["charts"]})"), std::nullopt);
  EXPECT_EQ(audience(R"({"aud":["a",7,null,"charts"]})"), std::nullopt);
  for (const char* text :
       {"{}", R"({"aud":null})", R"({"aud":7})", R"({"aud":true})", R"({"aud":[]})",
        R"({"aud":["chart","charts "]})", R"({"aud":[["charts"]]})",
        R"({"aud":{"charts":"charts"}})", R"({"aud":"a charts"})", R"({"aud":""})"}) {
    EXPECT_EQ(audience(text), Cause::audience) << text;
  }
}

TEST(Claims, name_their_subject_if_it_is_a_text) {
  EXPECT_EQ(claims_of(R"({"sub":"jane"})").subject(), "jane");
  EXPECT_EQ(claims_of(R"({"sub":7})").subject(), std::nullopt);
  EXPECT_EQ(claims_of("{}").subject(), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::auth
