// SPDX-License-Identifier: Apache-2.0
#include "http/syntax.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace chartmuseum::http {
namespace {

using testing::ElementsAre;

std::vector<std::string> elements(std::string_view list) {
  std::vector<std::string> all;
  while (const auto element = take_list_element(list)) all.emplace_back(*element);
  return all;
}

TEST(Syntax, compares_ascii_without_case_and_nothing_else) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "cONTENT-lENGTH"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("\xc3\x84", "\xc3\xa4"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Syntax, splits_lists_at_commas_outside_of_quotes) {
  EXPECT_THAT(elements("a, b ,,\tc"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(elements("\"x,y\", \"z\""), ElementsAre("\"x,y\"", "\"z\""));
  EXPECT_THAT(elements(" , ,"), ElementsAre());
  EXPECT_THAT(elements("\"open, end"), ElementsAre("\"open, end"));
}

TEST(Syntax, knows_tokens) {
  EXPECT_TRUE(is_token("X-Request-Id"));
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token("a b"));
  EXPECT_FALSE(is_token("a:"));
  EXPECT_FALSE(is_token("\xc3\xa4"));
}

TEST(Syntax, decodes_percent_escapes_once) {
  EXPECT_EQ(percent_decode("a%2Bb+c%2f%252B"), "a+b+c/%2B");
  EXPECT_EQ(percent_decode(""), "");
  for (const char* broken : {"%", "%2", "a%2", "%zz", "%2g", "%+1"}) {
    EXPECT_EQ(percent_decode(broken), std::nullopt) << broken;
  }
}

TEST(Syntax, trims_spaces_and_tabs_only) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim("\n"), "\n");
}

}  // namespace
}  // namespace chartmuseum::http
