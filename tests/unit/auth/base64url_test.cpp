// SPDX-License-Identifier: Apache-2.0
#include "auth/base64url.hpp"

#include "token_signer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

TEST(Base64url, gives_back_what_was_encoded) {
  EXPECT_EQ(decode_base64url(""), "");
  EXPECT_EQ(decode_base64url("A-z_4ME"), "\x03\xec\xff\xe0\xc1");  // RFC 7515, appendix C
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(decode_base64url(encode_base64url(bytes)), bytes);
  }
}

TEST(Base64url, refuses_padding_and_whatever_is_not_of_its_alphabet) {
  for (const char* text :
       {"QQ==", "QUI=", "Q Q", "QUJD\n", "QUJD ", "+A", "/A", "Q.", "\xc3\xa4"}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64url(std::string_view("QQ\0", 3)), std::nullopt);
}

TEST(Base64url, refuses_a_length_that_no_bytes_have) {
  EXPECT_EQ(decode_base64url("Q"), std::nullopt);
  EXPECT_EQ(decode_base64url("QUJDR"), std::nullopt);
}

TEST(Base64url, refuses_a_second_spelling_of_the_same_bytes) {
  EXPECT_EQ(decode_base64url("QQ"), "A");
  EXPECT_EQ(decode_base64url("QR"), std::nullopt);
  EXPECT_EQ(decode_base64url("QUI"), "AB");
  EXPECT_EQ(decode_base64url("QUJ"), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::auth
