// SPDX-License-Identifier: Apache-2.0
// Neither a hostile expression nor a hostile document takes more than the limits allow.
#include "unit/jmespath/searching.hpp"

#include <boost/json/array.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace chartmuseum::jmespath {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

CompileError::Kind refusal(const std::string& expression) {
  return Expression::compile(expression).error().kind;
}

EvaluationError::Kind failure(const std::string& expression, const boost::json::value& document,
                              const SearchLimits& limits = {}) {
  return Expression::compile(expression)->search(document, {}, limits).error().kind;
}

boost::json::value nested(int levels) {
  boost::json::value value = 1;
  for (int i = 0; i < levels; ++i) value = boost::json::array{std::move(value)};
  return value;
}

TEST(CompileLimits, refuse_long_expressions) {
  EXPECT_EQ(refusal("'" + std::string(20'000, 'a') + "'"), CompileError::Kind::too_large);
}

TEST(CompileLimits, refuse_deep_ones_however_they_are_nested) {
  for (const std::string_view piece : {"!", "(", "[", "[?", "{a:", "a.", "a|", "a||", "length(",
                                       "a[*].", "*.", "a==", "[].[", "sort_by(a,&", "a[?"}) {
    EXPECT_EQ(refusal(repeated(piece, 4'000)), CompileError::Kind::too_large) << piece;
    EXPECT_EQ(refusal(repeated(piece, 1'000) + "a"), CompileError::Kind::too_large) << piece;
  }
  EXPECT_EQ(refusal(repeated("[]", 4'000)), CompileError::Kind::too_large);
  EXPECT_EQ(refusal(repeated("[0]", 4'000)), CompileError::Kind::too_large);
}

TEST(CompileLimits, leave_room_for_real_ones) {
  EXPECT_TRUE(Expression::compile("a" + repeated("[*].a", 100)));
  EXPECT_TRUE(Expression::compile("a" + repeated(" || a", 200)));
}

TEST(SearchLimits, end_what_doubles_at_every_step) {
  EXPECT_EQ(failure("@" + repeated(" | [@, @]", 100), 1), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("@" + repeated(" | join('', [@, @])", 100), "a"), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("@" + repeated(" | to_string([@, @])", 60), 1), EvaluationError::Kind::limit);
}

TEST(SearchLimits, end_loops_within_loops) {
  EXPECT_EQ(failure("[*].map(&map(&map(&@, `[1,2,3,4,5,6,7,8,9,10]`), "
                    "`[1,2,3,4,5,6,7,8,9,10]`), `[1,2,3,4,5,6,7,8,9,10]`)",
                    boost::json::array(10'000, 1)),
            EvaluationError::Kind::limit);
}

TEST(SearchLimits, end_searches_that_do_much_and_keep_little) {
  SearchLimits limits;
  limits.steps = 1'000;
  const boost::json::value list = boost::json::array(2'000, 1);
  for (const char* expression : {"[?@ == `2`]", "contains(@, `2`)", "sum(@)", "sort(@)[0]",
                                 "max(@)", "[] | [0]", "reverse(@)[0]", "length([*])"}) {
    EXPECT_EQ(failure(expression, list, limits), EvaluationError::Kind::limit) << expression;
  }
  const boost::json::value text(std::string(100'000, 'a'));
  for (const char* expression :
       {"length(@)", "reverse(@)", "contains(@, 'b')", "@ == join('', [@])", "to_string([@])"}) {
    EXPECT_EQ(failure(expression, text, limits), EvaluationError::Kind::limit) << expression;
  }
}

TEST(SearchLimits, bound_what_is_made_in_bytes) {
  SearchLimits limits;
  limits.created_bytes = 10'000;
  const boost::json::value text(std::string(6'000, 'a'));
  EXPECT_TRUE(Expression::compile("@")->search(text, {}, limits));
  EXPECT_EQ(failure("[@, @]", text, limits), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("{a: @, b: @}", text, limits), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("reverse(@)", text, limits), EvaluationError::Kind::limit);
}

TEST(SearchLimits, bound_bound_values_too) {
  constexpr std::string_view names[] = {"$N"};
  const std::string value(6'000, 'a');
  const Binding bindings[] = {{"$N", value}};
  SearchLimits limits;
  limits.created_bytes = 10'000;
  const auto expression = Expression::compile("length('$N$N')", names).value();
  EXPECT_EQ(expression.search(nullptr, bindings, limits).error().kind,
            EvaluationError::Kind::limit);
}

TEST(SearchLimits, keep_deep_documents_from_the_stack) {
  const boost::json::value deep = nested(2'000);
  EXPECT_EQ(failure("@", deep), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("@ == [@][0]", deep), EvaluationError::Kind::limit);
  EXPECT_EQ(failure("to_string(@)", deep), EvaluationError::Kind::limit);
  EXPECT_TRUE(Expression::compile("[0][0]")->search(nested(100)));
}

}  // namespace
}  // namespace chartmuseum::jmespath
