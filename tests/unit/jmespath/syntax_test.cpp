// SPDX-License-Identifier: Apache-2.0
// How expressions are read: what binds how strongly, and what quotes mean.
#include "unit/jmespath/searching.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::jmespath {
namespace {

TEST(Syntax, has_three_kinds_of_quotes) {
  EXPECT_EQ(found("'text'"), R"("text")");
  EXPECT_EQ(found("`{\"a\": [1, true, null]}`"), R"({"a":[1,true,null]})");
  EXPECT_EQ(found(R"("a b")", R"({"a b": 1})"), "1");
}

TEST(Syntax, takes_everything_within_raw_strings_as_it_stands_but_the_escaped_quote) {
  EXPECT_EQ(found(R"('it\'s')"), R"("it's")");
  EXPECT_EQ(found(R"('\n \\')"), R"("\\n \\\\")");
  EXPECT_EQ(found("'`\"`'"), R"("`\"`")");
}

TEST(Syntax, unescapes_backticks_in_literals_and_leaves_other_escapes_to_json) {
  EXPECT_EQ(found(R"(`"a\`b\n"`)"), R"("a`b\n")");
}

TEST(Syntax, knows_escapes_of_json_in_quoted_identifiers) {
  EXPECT_EQ(found(R"("\u00e9\"")", R"({"é\"": 1})"), "1");
}

TEST(Syntax, lets_white_space_stand_between_tokens) {
  EXPECT_EQ(found(" a\t.\r\n b [ 0 ] ", R"({"a": {"b": [1]}})"), "1");
}

TEST(Syntax, binds_and_stronger_than_or_and_both_stronger_than_a_pipe) {
  EXPECT_EQ(found("`1` || `2` && `3`"), "1");
  EXPECT_EQ(found("(`1` || `2`) && `3`"), "3");
  EXPECT_EQ(found("`[]` || `[1]` | [0]"), "1");
}

TEST(Syntax, binds_comparisons_stronger_than_and) {
  EXPECT_EQ(found("`1` == `1` && `2` == `2`"), "true");
}

TEST(Syntax, negates_what_stands_next) {
  EXPECT_EQ(found("!a", R"({"a": true})"), "false");
  EXPECT_EQ(found("!a[0]", R"({"a": [true]})"), "false");
  EXPECT_EQ(found("!a || b", R"({"a": true, "b": 1})"), "1");
}

TEST(Syntax, ends_a_projection_by_a_pipe) {
  EXPECT_EQ(found("[*].a[0]", R"([{"a": [1]}, {"a": [2]}])"), "[1,2]");
  EXPECT_EQ(found("[*].a | [0]", R"([{"a": [1]}, {"a": [2]}])"), "[1]");
  EXPECT_EQ(found("([*].a)[0]", R"([{"a": [1]}, {"a": [2]}])"), "[1]");
}

// No engine but one does otherwise, and expressions are written for these engines.
TEST(Syntax, takes_one_step_with_a_wildcard_behind_a_dot) {
  const char* document = R"({"a": {"x": {"b": {"c": 1}}}})";
  EXPECT_EQ(found("a.*.b", document), R"([{"c":1}])");
  EXPECT_EQ(found("a.*.b.c", document), "null");
  EXPECT_EQ(found("a | *.b.c", document), "[1]");
}

TEST(Syntax, takes_names_of_functions_for_names_too) {
  EXPECT_EQ(found("length", R"({"length": 1})"), "1");
  EXPECT_EQ(found("a.length(@)", R"({"a": [1, 2]})"), "2");
}

}  // namespace
}  // namespace chartmuseum::jmespath
