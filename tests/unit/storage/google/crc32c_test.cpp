// SPDX-License-Identifier: Apache-2.0
#include "storage/google/crc32c.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::storage::google {
namespace {

/// RFC 3720, B.4, whose texts have the lowest byte first.
TEST(Crc32c, has_the_published_values) {
  EXPECT_EQ(crc32c_text(std::string(32, '\0')), "ipE2qg==");    // aa 36 91 8a
  EXPECT_EQ(crc32c_text(std::string(32, '\xff')), "YqirQw==");  // 43 ab a8 62
  std::string rising;
  for (char c = 0; c < 32; ++c) rising += c;
  EXPECT_EQ(crc32c_text(rising), "Rt15Tg==");                    // 4e 79 dd 46
  EXPECT_EQ(crc32c_text(std::string("123456789")), "4waSgw==");  // "check" in the CRC catalogue
  EXPECT_EQ(crc32c_text(std::string()), "AAAAAA==");
}

TEST(Crc32c, finds_damage_in_what_is_read_in_pieces) {
  const auto intact = [](std::string_view text) {
    const auto check = make_crc32c_check("crc32c=4waSgw==,md5=JfnnlDI7RTiF9RgfG2JNCw==");
    check->add(text.substr(0, 4));
    check->add(text.substr(4));
    return check->intact();
  };
  EXPECT_TRUE(intact("123456789"));
  EXPECT_FALSE(intact("123456788"));
  EXPECT_FALSE(intact("12345678"));
}

TEST(Crc32c, is_found_wherever_the_field_has_it) {
  EXPECT_TRUE(make_crc32c_check("md5=JfnnlDI7RTiF9RgfG2JNCw==, crc32c=4waSgw=="));
  EXPECT_TRUE(make_crc32c_check("crc32c="));
  EXPECT_FALSE(make_crc32c_check("md5=JfnnlDI7RTiF9RgfG2JNCw=="));
  EXPECT_FALSE(make_crc32c_check(""));
  EXPECT_FALSE(make_crc32c_check(",,"));
}

TEST(Crc32c, that_is_not_readable_matches_nothing) {
  const auto check = make_crc32c_check("crc32c=?");
  check->add("123456789");
  EXPECT_FALSE(check->intact());
}

}  // namespace
}  // namespace chartmuseum::storage::google
