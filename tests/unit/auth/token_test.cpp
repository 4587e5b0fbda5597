// SPDX-License-Identifier: Apache-2.0
#include "auth/token.hpp"

#include "published_tokens.hpp"
#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using testing::HasSubstr;
using Cause = TokenRefusal::Cause;

std::string with_header(std::string_view header) {
  return encode_base64url(header) + ".e30.c2ln";
}

TEST(SignedToken, is_taken_apart_into_what_is_signed_and_the_signature) {
  const auto token = SignedToken::parse(published::kEs256);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->algorithm, SignatureAlgorithm::es256);
  EXPECT_EQ(token->key_id, std::nullopt);
  EXPECT_EQ(token->signing_input, published::kEs256.substr(0, published::kEs256.rfind('.')));
  EXPECT_EQ(token->signature.size(), 64U);
  EXPECT_TRUE(published::kEs256.find(token->payload) != std::string_view::npos);
}

TEST(SignedToken, says_which_key_it_is_signed_with) {
  const auto token = SignedToken::parse(with_header(R"({"alg":"RS256","kid":"2024-05"})"));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->key_id, "2024-05");
}

TEST(SignedToken, has_an_algorithm_that_is_accepted) {
  for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                           "EdDSA", "Ed25519"}) {
    EXPECT_TRUE(SignedToken::parse(with_header(R"({"alg":")" + std::string(name) + "\"}"))) << name;
  }
  for (const char* name : {"none", "None", "NONE", "", "HS256", "HS384", "HS512", "rs256", "RS256 ",
                           "RS1", "ES512", "ES256K", "RSA-OAEP", "dir", "Ed448"}) {
    const auto token = SignedToken::parse(with_header(R"({"alg":")" + std::string(name) + "\"}"));
    ASSERT_FALSE(token) << name;
    EXPECT_EQ(token.error().cause, Cause::algorithm) << name;
  }
}

TEST(SignedToken, of_the_standards_that_is_unsecured_or_has_a_shared_secret_is_refused) {
  for (const auto example : {published::kHs256, published::kUnsecured, published::kEs512}) {
    const auto token = SignedToken::parse(example);
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().cause, Cause::algorithm);
  }
}

TEST(SignedToken, is_refused_when_its_form_is_wrong) {
  const std::string good = with_header(R"({"alg":"RS256"})");
  ASSERT_TRUE(SignedToken::parse(good));
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("a.b"),
        good + ".", good + ".e30", good.substr(0, good.rfind('.')), " " + good, good + " ",
        good + "=", good + "\n", "Bearer " + good, std::string("secret-password"),
        std::string(100, '.')}) {
    const auto token = SignedToken::parse(text);
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error().cause, Cause::malformed) << text;
  }
}

TEST(SignedToken, is_refused_when_its_header_is_not_as_it_should_be) {
  for (const char* header :
       {"", "{", "[]", "null", "\"RS256\"", "{}", R"({"typ":"JWT"})", R"({"alg":null})",
        R"({"alg":256})", R"({"alg":["RS256"]})", R"({"alg":"RS256","alg":"none"})",
        R"({"alg":"RS256","kid":1})", R"({"alg":"RS256","kid":null})",
        R"({"alg":"RS256","kid":["a"]})", R"({"alg":"RS256","crit":["exp"]})",
        R"({"alg":"RS256","crit":[]})", R"({"alg":"RS256","crit":null})",
        R"({"alg":"RS256","b64":false,"crit":["b64"]})"}) {
    const auto token = SignedToken::parse(with_header(header));
    ASSERT_FALSE(token) << header;
    EXPECT_EQ(token.error().cause, Cause::malformed) << header;
  }
}

TEST(SignedToken, of_a_megabyte_is_refused_without_being_looked_at) {
  const std::string head = encode_base64url(R"({"alg":"RS256"})");
  const std::string largest = head + '.' + std::string(kLargestToken - head.size() - 6, 'A');
  EXPECT_TRUE(SignedToken::parse(largest + ".AAAA"));
  const auto refused = SignedToken::parse(largest + "A.AAAA");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "it is larger than 16 KiB");
  EXPECT_FALSE(SignedToken::parse(head + '.' + std::string(1 << 20, 'A') + ".AAAA"));
  EXPECT_FALSE(SignedToken::parse(std::string(1 << 20, '.')));
}

TEST(SignedToken, that_is_refused_is_not_repeated_in_the_reason) {
  const auto password = SignedToken::parse("correct.horse.battery-staple");
  ASSERT_FALSE(password);
  EXPECT_THAT(password.error().reason, testing::Not(HasSubstr("horse")));
  const auto algorithm =
      SignedToken::parse(with_header(R"({"alg":")" + std::string(1000, 'x') + "\"}"));
  EXPECT_LT(algorithm.error().reason.size(), 100U);
}

}  // namespace
}  // namespace chartmuseum::auth
