// SPDX-License-Identifier: Apache-2.0
#include "auth/jwk_set.hpp"

#include "published_tokens.hpp"
#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string set_of(const std::string& keys) {
  return R"({"keys":[)" + keys + "]}";
}

/// Why the only key of a set is left out.
std::string reason(const std::string& key) {
  const auto set = read_jwk_set(set_of(key));
  if (!set) return set.error();
  return set->skipped.empty() ? "none" : set->skipped.front();
}

TEST(JwkSet, has_keys_of_all_kinds_with_their_ids) {
  const auto set = read_jwk_set(
      set_of(TokenSigner::rsa().jwk(R"(,"kid":"r","use":"sig","alg":"RS256")") + ',' +
             TokenSigner::elliptic("P-256").jwk(R"(,"kid":"e","key_ops":["verify"])") + ',' +
             TokenSigner::elliptic("P-384").jwk() + ',' +
             TokenSigner::ed25519().jwk(R"(,"kid":"","alg":"EdDSA","x5t":"ignored","ext":true)")));
  ASSERT_TRUE(set) << set.error();
  EXPECT_THAT(set->skipped, IsEmpty());
  ASSERT_THAT(set->keys, SizeIs(4));
  EXPECT_EQ(set->keys[0].id(), "r");
  EXPECT_EQ(set->keys[1].id(), "e");
  EXPECT_EQ(set->keys[2].id(), std::nullopt);
  EXPECT_EQ(set->keys[3].id(), "");
  EXPECT_EQ(set->keys[2].kind(), KeyKind::p384);
}

TEST(JwkSet, may_be_empty) {
  const auto set = read_jwk_set(R"({"keys":[]})");
  ASSERT_TRUE(set);
  EXPECT_THAT(set->keys, IsEmpty());
}

TEST(JwkSet, leaves_out_keys_that_are_for_something_else_and_keeps_the_rest) {
  const auto set = read_jwk_set(set_of(TokenSigner::rsa().jwk(R"(,"use":"enc")") +
                                       R"(,{"kty":"oct","k":"AAAA"},7,)" +
                                       TokenSigner::rsa().jwk(R"(,"kid":"good")")));
  ASSERT_TRUE(set);
  ASSERT_THAT(set->keys, SizeIs(1));
  EXPECT_EQ(set->keys[0].id(), "good");
  EXPECT_THAT(set->skipped,
              ElementsAre("key 1: its use is not sig", "key 2: its kty is not RSA, EC or OKP",
                          "key 3: it is no object"));
}

TEST(JwkSet, leaves_out_keys_that_are_not_as_they_should_be) {
  const TokenSigner& rsa = TokenSigner::rsa();
  const auto reason_with = [&rsa](const char* more) { return reason(rsa.jwk(more)); };
  EXPECT_EQ(reason_with(""), "none");
  EXPECT_EQ(reason_with(R"(,"use":1)"), "key 1: its use is not sig");
  EXPECT_EQ(reason_with(R"(,"key_ops":["sign","encrypt"])"),
            "key 1: its key_ops do not include verify");
  EXPECT_EQ(reason_with(R"(,"key_ops":"verify")"), "key 1: its key_ops do not include verify");
  EXPECT_EQ(reason_with(R"(,"alg":"RSA-OAEP")"), "key 1: its alg is not one for signatures here");
  EXPECT_EQ(reason_with(R"(,"alg":"HS256")"), "key 1: its alg is not one for signatures here");
  EXPECT_EQ(reason_with(R"(,"alg":null)"), "key 1: its alg is not one for signatures here");
  EXPECT_EQ(reason_with(R"(,"alg":"ES256")"),
            "key 1: it is a key whose algorithm is for another kind of keys");
  EXPECT_EQ(reason_with(R"(,"kid":3)"), "key 1: its kid is no text");
  EXPECT_EQ(reason_with(R"(,"d":"AAAA")"), "key 1: it gives its private part away");
  EXPECT_EQ(reason(TokenSigner::rsa_of(1024).jwk()),
            "key 1: it is an RSA key of 1024 bits, of which at least 2048 are needed");
}

TEST(JwkSet, leaves_out_keys_whose_numbers_are_missing_or_none) {
  for (const char* jwk :
       {"{}", R"({"kty":"RSA"})", R"({"kty":"RSA","n":"","e":""})", R"({"kty":"RSA","n":"AQAB"})",
        R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"RSA","n":["AQAB"],"e":65537})",
        R"({"kty":"RSA","n":"not base64!","e":"AQAB"})", R"({"kty":"EC","crv":"P-256"})",
        R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})", R"({"kty":"EC","crv":"P-521"})",
        R"({"kty":"EC","crv":256})", R"({"kty":"OKP"})", R"({"kty":"OKP","crv":"X25519"})",
        R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})", R"({"kty":"OKP","crv":"Ed448"})",
        R"({"kty":["RSA"]})"}) {
    EXPECT_NE(reason(jwk), "none") << jwk;
  }
}

TEST(JwkSet, leaves_out_a_point_that_is_not_on_its_curve) {
  const std::string zero(43, 'A');  // 32 bytes
  EXPECT_EQ(reason(R"({"kty":"EC","crv":"P-256","x":")" + zero + R"(","y":")" + zero + "\"}"),
            "key 1: its numbers make no key");
  std::string jwk(published::kEllipticKey);
  jwk.replace(jwk.find("x_FEzR"), 6, "x_FEzS");
  EXPECT_EQ(reason(jwk), "key 1: its numbers make no key");
}

TEST(JwkSet, leaves_out_rsa_keys_that_would_cost_too_much) {
  const std::string modulus = encode_base64url(std::string(2048 / 8, '\xff'));
  const auto with_exponent = [&](const std::string& bytes) {
    return reason(R"({"kty":"RSA","n":")" + modulus + R"(","e":")" + encode_base64url(bytes) +
                  "\"}");
  };
  EXPECT_EQ(with_exponent("\x03"), "none");
  EXPECT_EQ(with_exponent(std::string("\x01\x00\x01", 3)), "none");
  EXPECT_EQ(with_exponent("\x7f\xff\xff\xff"), "none");
  for (const std::string& exponent :
       {std::string("\x01"), std::string("\x02"), std::string(1, '\0'),
        std::string("\x80\x00\x00\x01", 4), std::string(8, '\xff'), std::string(9, '\xff'),
        std::string(256, '\xff')}) {
    EXPECT_NE(with_exponent(exponent), "none");
  }
  const std::string huge = encode_base64url(std::string(2049, '\xff'));
  EXPECT_EQ(reason(R"({"kty":"RSA","n":")" + huge + R"(","e":"AQAB"})"),
            "key 1: its n or e is no number");
}

TEST(JwkSet, ends_after_a_hundred_keys) {
  std::string keys = TokenSigner::ed25519().jwk();
  for (int i = 1; i < 100'000; ++i) keys += ",{}";
  const auto set = read_jwk_set(set_of(keys));
  ASSERT_TRUE(set);
  EXPECT_THAT(set->keys, SizeIs(1));
  ASSERT_THAT(set->skipped, SizeIs(100));
  EXPECT_EQ(set->skipped.back(), "all keys after the first 100");
}

TEST(JwkSet, is_refused_when_it_is_none) {
  for (const char* text :
       {"", "{}", "[]", "null", "<html>", R"({"keys":null})", R"({"keys":{}})", R"({"keys":"x"})",
        R"({"keys":[],"keys":[]})", R"({"keys":[{"kty":"RSA","kty":"EC"}]})"}) {
    EXPECT_FALSE(read_jwk_set(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::auth
