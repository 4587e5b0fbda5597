// SPDX-License-Identifier: Apache-2.0
#include "encoding/utf8.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::encoding {
namespace {

TEST(Utf8, takes_characters_of_one_to_four_bytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80"));
  EXPECT_EQ(first_rune("\xF0\x9F\x98\x80").value, U'\U0001F600');
}

TEST(Utf8, refuses_overlong_forms_surrogates_and_what_is_beyond_unicode) {
  EXPECT_FALSE(is_utf8("\xC0\xAF"));
  EXPECT_FALSE(is_utf8("\xE0\x80\xAF"));
  EXPECT_FALSE(is_utf8("\xF0\x80\x80\xAF"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
}

TEST(Utf8, replaces_each_byte_that_is_part_of_no_character) {
  EXPECT_EQ(replace_invalid_utf8("a\xFF\xFE"
                                 "b"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(replace_invalid_utf8("cut \xE6\x97"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace chartmuseum::encoding
