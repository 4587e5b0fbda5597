// SPDX-License-Identifier: Apache-2.0
#include "chart/text_sanitizer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::chart {
namespace {

std::string sanitized(std::string text) {
  sanitize(text);
  return text;
}

TEST(Sanitize, leaves_visible_text_as_it_is) {
  for (const char* text : {"", "a chart", "~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}", "Müller", "日本語",
                           "e\u0301", "€ ¾ ²", "\U0001F600", "\uFFFD"}) {
    EXPECT_EQ(sanitized(text), text);
  }
}

TEST(Sanitize, makes_each_white_space_character_one_space) {
  EXPECT_EQ(sanitized("a\tb\nc\rd\ve\ff"), "a b c d e f");
  EXPECT_EQ(sanitized("a\u0085b\u00A0c\u1680d\u2003e\u2028f\u2029g\u202Fh\u205Fi\u3000j"),
            "a b c d e f g h i j");
}

TEST(Sanitize, neither_trims_nor_collapses) {
  EXPECT_EQ(sanitized(" \t a  \n\n"), "   a    ");
}

TEST(Sanitize, removes_what_cannot_be_seen) {
  EXPECT_EQ(sanitized(std::string("a\0b\x01\x1F\x7F", 7) + "c"), "abc");
  EXPECT_EQ(sanitized("a\u0080b\u009Fc"), "abc");                          // C1 controls
  EXPECT_EQ(sanitized("a\u00ADb\u200Bc\u200Dd\u202Ee\uFEFFf"), "abcdef");  // formats, joiners
  EXPECT_EQ(sanitized("a\uE000b\U000F0000c"), "abc");                      // private use
  EXPECT_EQ(sanitized("a\u0378b\uFFFEc"), "abc");  // unassigned, no character
}

TEST(Sanitize, knows_unicode_15_0_and_no_later) {
  EXPECT_EQ(sanitized("\U00031350"), "\U00031350");  // CJK extension H came with 15.0
  EXPECT_EQ(sanitized("\U0002EBF0"), "");            // extension I with 15.1
}

TEST(Sanitize, replaces_bytes_that_are_no_utf_8) {
  EXPECT_EQ(sanitized("a\xFF\xC3z"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(sanitized("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(sanitized("\xE2\x82"), "\uFFFD\uFFFD");            // cut off
}

TEST(Quote, prints_text_as_go_does) {
  EXPECT_EQ(quote("a b"), "\"a b\"");
  EXPECT_EQ(quote("a\"b\\c'd"), R"("a\"b\\c'd")");
  EXPECT_EQ(quote("\a\b\f\n\r\t\v"), R"("\a\b\f\n\r\t\v")");
  EXPECT_EQ(quote(std::string_view("\0\x1F\x7F", 3)), R"("\x00\x1f\x7f")");
  EXPECT_EQ(quote("é\u0085\u00A0\u200B\uFEFF"), "\"é\\u0085\\u00a0\\u200b\\ufeff\"");
  EXPECT_EQ(quote("\U0001F600\U000F0000"), "\"\U0001F600\\U000f0000\"");
  EXPECT_EQ(quote("a\xFFz"), R"("a\xffz")");
}

}  // namespace
}  // namespace chartmuseum::chart
