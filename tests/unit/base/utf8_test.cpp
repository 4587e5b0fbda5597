// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum {
namespace {

std::string encoded(char32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

TEST(FirstUtf8Character, is_every_character_of_unicode_and_no_surrogate) {
  for (char32_t code = 0; code < 0x200000; ++code) {
    const std::string text = encoded(code) + "x";
    const auto character = first_utf8_character(text);
    const bool exists = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    ASSERT_EQ(character.has_value(), exists) << std::hex << static_cast<unsigned>(code);
    if (!exists) continue;
    ASSERT_EQ(character->code, code);
    ASSERT_EQ(character->size, text.size() - 1);
  }
}

TEST(FirstUtf8Character, is_never_overlong) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_FALSE(first_utf8_character(text)) << text;
  }
}

TEST(FirstUtf8Character, is_whole) {
  for (const std::string_view text : {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    for (std::size_t size = 1; size < text.size(); ++size) {
      EXPECT_FALSE(first_utf8_character(text.substr(0, size)));
      EXPECT_FALSE(first_utf8_character(std::string(text.substr(0, size)) + "xxx"));
    }
    EXPECT_TRUE(first_utf8_character(text));
  }
  EXPECT_FALSE(first_utf8_character(""));
  EXPECT_FALSE(first_utf8_character("\x80"));
  EXPECT_FALSE(first_utf8_character("\xF8\x88\x80\x80\x80"));
  EXPECT_FALSE(first_utf8_character("\xFF"));
}

}  // namespace
}  // namespace chartmuseum
