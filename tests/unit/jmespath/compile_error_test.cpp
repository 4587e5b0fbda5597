// SPDX-License-Identifier: Apache-2.0
// What somebody reads whose expression keeps the server from starting.
#include "unit/jmespath/searching.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::jmespath {
namespace {

std::string refusal(std::string_view expression) {
  const auto compiled = Expression::compile(expression);
  return compiled ? "none" : compiled.error().describe();
}

CompileError::Kind kind(std::string_view expression) {
  return Expression::compile(expression).error().kind;
}

TEST(CompileError, says_what_was_expected_and_where) {
  EXPECT_EQ(refusal("a[0"), "at byte 3: expected ':' or ']' but found the end of the expression");
  EXPECT_EQ(refusal("a."),
            "at byte 2: expected an identifier, '*', '[' or '{' behind '.' but found "
            "the end of the expression");
  EXPECT_EQ(refusal("a b"),
            "at byte 2: expected an operator or the end of the expression but found "
            "an identifier");
  EXPECT_EQ(refusal("a[?b"), "at byte 4: expected ']' but found the end of the expression");
  EXPECT_EQ(refusal("[a, ]"), "at byte 4: expected an expression but found ']'");
  EXPECT_EQ(refusal("{a: b"), "at byte 5: expected ',' or '}' but found the end of the expression");
  EXPECT_EQ(refusal("{1: b}"), "at byte 1: expected a key but found a number");
  EXPECT_EQ(refusal(""), "at byte 0: expected an expression but found the end of the expression");
}

TEST(CompileError, explains_what_is_often_meant_otherwise) {
  EXPECT_EQ(refusal("a[?b = 'c']"), "at byte 5: '=' compares nothing; write '=='");
  EXPECT_EQ(refusal("a[?b == 1]"),
            "at byte 8: a number stands in backticks here, as `1`, or in brackets");
  EXPECT_EQ(refusal("'a"), "at byte 0: this ' is never closed");
  EXPECT_EQ(refusal("a == `x`"), "at byte 5: not JSON between these quotes: syntax error");
  EXPECT_EQ(refusal("\"length\"(a)"), "at byte 0: a function's name stands without quotes");
  EXPECT_EQ(refusal("&a"),
            "at byte 0: an expression reference stands only where a function takes one");
}

TEST(CompileError, names_functions_that_cannot_be_called_so) {
  EXPECT_EQ(refusal("lenght(a)"), "at byte 0: there is no function lenght()");
  EXPECT_EQ(refusal("a | length(a, b)"), "at byte 4: length() takes 1 argument, not 2");
  EXPECT_EQ(refusal("merge()"), "at byte 0: merge() takes at least 1 argument, not 0");
  EXPECT_EQ(refusal("sort_by(a, b)"),
            "at byte 11: sort_by() takes an expression, such as &name, as argument 2");
  EXPECT_EQ(refusal("length(&a)"), "at byte 7: length() takes a value as argument 1");
  EXPECT_EQ(refusal("a[::0]"), "at byte 2: a slice's step is not 0");
}

TEST(CompileError, has_the_kinds_of_the_specification) {
  EXPECT_EQ(kind("a["), CompileError::Kind::syntax);
  EXPECT_EQ(kind("none(a)"), CompileError::Kind::unknown_function);
  EXPECT_EQ(kind("abs()"), CompileError::Kind::invalid_arity);
  EXPECT_EQ(kind("abs(&a)"), CompileError::Kind::invalid_type);
  EXPECT_EQ(kind("[::0]"), CompileError::Kind::invalid_value);
}

TEST(CompileError, refuses_bytes_that_stand_for_nothing) {
  EXPECT_EQ(refusal("a#"), "at byte 1: '#' begins nothing here");
  EXPECT_EQ(refusal("é"), "at byte 0: a character that may only stand within quotes");
  EXPECT_EQ(refusal(std::string_view("a\0b", 3)),
            "at byte 1: a character that may only stand within quotes");
  EXPECT_EQ(refusal("\"\xFF\""), "at byte 0: not JSON between these quotes: syntax error");
}

}  // namespace
}  // namespace chartmuseum::jmespath
