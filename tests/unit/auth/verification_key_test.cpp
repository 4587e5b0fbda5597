// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_key.hpp"

#include "auth/jwk_set.hpp"
#include "auth/pem_keys.hpp"
#include "auth/token.hpp"
#include "published_tokens.hpp"
#include "token_signer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace chartmuseum::auth {
namespace {

VerificationKey key_of(const TokenSigner& signer) {
  return read_pem_keys(signer.public_pem()).value().at(0);
}

VerificationKey key_of_jwk(std::string_view jwk) {
  return read_jwk_set(R"({"keys":[)" + std::string(jwk) + "]}").value().keys.at(0);
}

constexpr std::array<std::string_view, 9> kNames{"RS256", "RS384", "RS512", "PS256", "PS384",
                                                 "PS512", "ES256", "ES384", "EdDSA"};

TEST(VerificationKey, verifies_the_examples_of_the_standards) {
  for (const auto& [jwk, text] : {std::pair{published::kRsaKey, published::kRs256},
                                  {published::kEllipticKey, published::kEs256},
                                  {published::kEdwardsKey, published::kEddsa}}) {
    const auto token = SignedToken::parse(text).value();
    const VerificationKey key = key_of_jwk(jwk);
    EXPECT_TRUE(key.verify(token.algorithm, token.signing_input, token.signature)) << text;
    EXPECT_FALSE(key.verify(token.algorithm, token.signing_input.substr(1), token.signature));
  }
}

TEST(VerificationKey, verifies_what_was_signed_by_each_algorithm_of_its_kind_and_by_no_other) {
  for (const TokenSigner& signer : {TokenSigner::rsa(), TokenSigner::elliptic("P-256"),
                                    TokenSigner::elliptic("P-384"), TokenSigner::ed25519()}) {
    const VerificationKey key = key_of(signer);
    for (const std::string_view signed_by : kNames) {
      if (!key.fits(*signature_algorithm_from(signed_by))) continue;
      const std::string signature = signer.sign(signed_by, "text");
      for (const std::string_view claimed : kNames) {
        EXPECT_EQ(key.verify(*signature_algorithm_from(claimed), "text", signature),
                  claimed == signed_by)
            << signed_by << " as " << claimed;
      }
    }
  }
}

TEST(VerificationKey, fits_the_algorithms_of_its_kind) {
  const auto fitting = [](const VerificationKey& key) {
    std::string names;
    for (const std::string_view name : kNames) {
      if (key.fits(*signature_algorithm_from(name))) names.append(name).append(" ");
    }
    return names;
  };
  EXPECT_EQ(fitting(key_of(TokenSigner::rsa())), "RS256 RS384 RS512 PS256 PS384 PS512 ");
  EXPECT_EQ(fitting(key_of(TokenSigner::elliptic("P-256"))), "ES256 ");
  EXPECT_EQ(fitting(key_of(TokenSigner::elliptic("P-384"))), "ES384 ");
  EXPECT_EQ(fitting(key_of(TokenSigner::ed25519())), "EdDSA ");
  EXPECT_EQ(fitting(key_of_jwk(TokenSigner::rsa().jwk(R"(,"alg":"PS384")"))), "PS384 ");
}

TEST(VerificationKey, refuses_a_signature_of_which_any_bit_is_turned) {
  for (const TokenSigner& signer : {TokenSigner::rsa(), TokenSigner::elliptic("P-256"),
                                    TokenSigner::elliptic("P-384"), TokenSigner::ed25519()}) {
    const VerificationKey key = key_of(signer);
    for (const std::string_view name : kNames) {
      const auto algorithm = *signature_algorithm_from(name);
      if (!key.fits(algorithm)) continue;
      const std::string good = signer.sign(name, "text");
      ASSERT_TRUE(key.verify(algorithm, "text", good));
      for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        EXPECT_FALSE(key.verify(algorithm, "text", bad)) << name << ", byte " << i;
      }
    }
  }
}

TEST(VerificationKey, refuses_a_signature_of_another_length) {
  for (const TokenSigner& signer :
       {TokenSigner::rsa(), TokenSigner::elliptic("P-256"), TokenSigner::ed25519()}) {
    const VerificationKey key = key_of(signer);
    for (const std::string_view name : kNames) {
      const auto algorithm = *signature_algorithm_from(name);
      if (!key.fits(algorithm)) continue;
      const std::string good = signer.sign(name, "text");
      EXPECT_FALSE(key.verify(algorithm, "text", ""));
      EXPECT_FALSE(key.verify(algorithm, "text", good.substr(0, good.size() - 1)));
      EXPECT_FALSE(key.verify(algorithm, "text", good + '\0'));
      EXPECT_FALSE(key.verify(algorithm, "text", '\0' + good));
      EXPECT_FALSE(key.verify(algorithm, "text", std::string(12'000, '\xff')));
    }
  }
}

TEST(VerificationKey, refuses_the_signature_of_nothing_but_zeros) {
  // Which some implementations of ECDSA took for right.
  EXPECT_FALSE(key_of(TokenSigner::elliptic("P-256"))
                   .verify(SignatureAlgorithm::es256, "text", std::string(64, '\0')));
  EXPECT_FALSE(key_of(TokenSigner::elliptic("P-384"))
                   .verify(SignatureAlgorithm::es384, "text", std::string(96, '\0')));
}

}  // namespace
}  // namespace chartmuseum::auth
