// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/hashes.hpp"

#include "storage/remote/md5.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage {
namespace {

TEST(Hashes, hmac_sha256_is_that_of_rfc_4231) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hashes, hmac_sha1_is_that_of_rfc_2202) {
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(Hashes, md5_is_that_of_rfc_1321) {
  auto md5 = Md5::begin();
  if (!md5) GTEST_SKIP() << "OpenSSL has no MD5 here";
  md5->add("message ");
  md5->add("digest");
  EXPECT_EQ(hex(md5->end()), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(Base64, is_that_of_rfc_4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, reads_back_any_bytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::string some = bytes.substr(0, size);
    EXPECT_EQ(from_base64(base64(some)), some);
  }
}

TEST(Base64, has_a_form_for_urls) {
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");  // "+//+"
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url(""), "");
}

TEST(Base64, refuses_what_is_none) {
  for (const char* text : {"Zg", "Zg=", "Z===", "====", "Z g=", " Zm8=", "Zm8=\n", "Zm9*"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::storage
