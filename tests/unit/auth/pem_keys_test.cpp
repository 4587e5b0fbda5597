// SPDX-License-Identifier: Apache-2.0
#include "auth/pem_keys.hpp"

#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string error_of(std::string_view pem) {
  const auto keys = read_pem_keys(pem);
  return keys ? "none" : keys.error();
}

TEST(PemKeys, come_as_public_key_as_pkcs_1_and_as_certificate) {
  const TokenSigner& rsa = TokenSigner::rsa();
  const std::string signature = rsa.sign("RS256", "text");
  for (const std::string& pem : {rsa.public_pem(), rsa.pkcs1_pem(), rsa.certificate_pem()}) {
    const auto keys = read_pem_keys(pem);
    ASSERT_TRUE(keys) << keys.error();
    ASSERT_EQ(keys->size(), 1U);
    EXPECT_TRUE(keys->front().verify(SignatureAlgorithm::rs256, "text", signature));
  }
}

TEST(PemKeys, of_several_kinds_stand_in_one_file_with_text_between) {
  const auto keys = read_pem_keys(
      "the old one:\n" + TokenSigner::rsa().public_pem() + "\n\r\nthe new ones\n" +
      TokenSigner::elliptic("P-256").certificate_pem() +
      TokenSigner::elliptic("P-384").public_pem() + TokenSigner::ed25519().public_pem());
  ASSERT_TRUE(keys) << keys.error();
  ASSERT_EQ(keys->size(), 4U);
  EXPECT_EQ(keys->at(0).kind(), KeyKind::rsa);
  EXPECT_EQ(keys->at(1).kind(), KeyKind::p256);
  EXPECT_EQ(keys->at(2).kind(), KeyKind::p384);
  EXPECT_EQ(keys->at(3).kind(), KeyKind::ed25519);
  EXPECT_EQ(keys->at(0).id(), std::nullopt);
}

TEST(PemKeys, must_not_be_private) {
  EXPECT_THAT(error_of(TokenSigner::rsa().private_pem()),
              AllOf(HasSubstr("block 1: this is a private key"), HasSubstr("-pubout")));
  EXPECT_THAT(error_of(TokenSigner::rsa().public_pem() + TokenSigner::ed25519().private_pem()),
              HasSubstr("block 2: this is a private key"));
}

TEST(PemKeys, have_a_reason_when_they_cannot_be_used) {
  EXPECT_EQ(error_of(TokenSigner::rsa_of(1024).public_pem()),
            "block 1: this is an RSA key of 1024 bits, of which at least 2048 are needed");
  EXPECT_EQ(error_of(TokenSigner::elliptic("P-521").public_pem()),
            "block 1: this is an elliptic-curve key that is on neither P-256 nor P-384");
  EXPECT_EQ(error_of(TokenSigner::elliptic("secp256k1").public_pem()),
            "block 1: this is an elliptic-curve key that is on neither P-256 nor P-384");
}

TEST(PemKeys, are_missed_in_a_text_without_any) {
  for (const char* text : {"", "\n", "ssh-rsa AAAAB3NzaC1yc2E", "{\"keys\":[]}", "-----BEGIN"}) {
    EXPECT_THAT(error_of(text), HasSubstr("no public key and no certificate")) << text;
  }
}

TEST(PemKeys, of_another_kind_of_block_are_refused) {
  EXPECT_THAT(
      error_of("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"),
      HasSubstr("block 1: this is neither a public key nor a certificate"));
}

TEST(PemKeys, that_are_cut_off_or_damaged_are_refused) {
  for (const std::string& pem : {TokenSigner::rsa().public_pem(), TokenSigner::rsa().pkcs1_pem(),
                                 TokenSigner::rsa().certificate_pem()}) {
    for (std::size_t size = 0; size + 1 < pem.size(); size += 7) {
      EXPECT_FALSE(read_pem_keys(pem.substr(0, size))) << size;
    }
    std::string damaged = pem;
    damaged[pem.size() / 2] = '!';
    EXPECT_NE(error_of(damaged), "none");
  }
  EXPECT_EQ(error_of("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
            "block 1: its content is no PUBLIC KEY that can be read");
  EXPECT_EQ(error_of("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "block 1: it is cut off, or not in PEM's form");
}

TEST(PemKeys, that_do_not_fill_their_block_are_refused) {
  // A block whose bytes go on after the key.
  std::string pem = TokenSigner::elliptic("P-256").public_pem();
  const std::size_t end = pem.find("==\n-----END");
  ASSERT_NE(end, std::string::npos);
  pem.replace(end, 2, "AA");
  EXPECT_FALSE(read_pem_keys(pem));
}

TEST(PemKeys, are_sixteen_at_most) {
  std::string pem;
  for (int i = 0; i < 16; ++i) pem += TokenSigner::ed25519().public_pem();
  EXPECT_TRUE(read_pem_keys(pem));
  EXPECT_EQ(error_of(pem + TokenSigner::ed25519().public_pem()), "it holds more than 16 keys");
}

}  // namespace
}  // namespace chartmuseum::auth
