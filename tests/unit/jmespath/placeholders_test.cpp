// SPDX-License-Identifier: Apache-2.0
#include "jmespath/expression.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::jmespath {
namespace {

constexpr std::string_view names[] = {"$NAMESPACE", "$ACCESS_ENTRY_TYPE"};

/// What `expression` finds for the repository `name`.
std::string found_for(std::string_view name, std::string_view expression,
                      std::string_view document = "{}") {
  const auto compiled = Expression::compile(expression, names);
  if (!compiled) return "refused " + compiled.error().describe();
  const Binding bindings[] = {{"$NAMESPACE", name}, {"$ACCESS_ENTRY_TYPE", "artifact-repository"}};
  const auto result = compiled->search(
      boost::json::parse(boost::json::string_view(document.data(), document.size())), bindings);
  return result ? boost::json::serialize(*result) : "failed: " + result.error().message;
}

constexpr std::string_view usual =
    "access[?name=='$NAMESPACE' && type=='$ACCESS_ENTRY_TYPE'].actions[]";
constexpr std::string_view claims = R"({"access": [
  {"type": "artifact-repository", "name": "org/charts", "actions": ["pull"]},
  {"type": "artifact-repository", "name": "secret", "actions": ["push"]}]})";

TEST(Placeholders, stand_for_the_values_of_each_search) {
  EXPECT_EQ(found_for("org/charts", usual, claims), R"(["pull"])");
  EXPECT_EQ(found_for("secret", usual, claims), R"(["push"])");
  EXPECT_EQ(found_for("other", usual, claims), "[]");
}

TEST(Placeholders, cannot_be_broken_out_of) {
  for (const std::string_view hostile :
       {"' || name=='secret", "x'||'1'=='1", "\\' || `true` || '", "`true`", "\"", "'", "\\",
        "secret'", "*", "$NAMESPACE", "@", "' && `1`==`1` || type=='artifact-repository"}) {
    EXPECT_EQ(found_for(hostile, usual, claims), "[]") << hostile;
    const auto text = boost::json::serialize(
        boost::json::value(boost::json::string_view(hostile.data(), hostile.size())));
    EXPECT_EQ(found_for(hostile, "'$NAMESPACE'"), text) << hostile;
    EXPECT_EQ(found_for(hostile, "`\"$NAMESPACE\"`"), text) << hostile;
    EXPECT_EQ(found_for(hostile, "\"$NAMESPACE\"", "{" + text + ": 1}"), "1") << hostile;
  }
}

TEST(Placeholders, may_be_parts_of_longer_texts) {
  EXPECT_EQ(found_for("charts", "'org/$NAMESPACE:$ACCESS_ENTRY_TYPE'"),
            R"("org/charts:artifact-repository")");
  EXPECT_EQ(found_for("charts", "access[?name=='org/$NAMESPACE'].actions[]", claims),
            R"(["pull"])");
}

TEST(Placeholders, stand_in_literals_and_keys) {
  EXPECT_EQ(found_for("a", R"(`{"$NAMESPACE": ["$NAMESPACE", 1]}`)"), R"({"a":["a",1]})");
  EXPECT_EQ(found_for("a", R"({"$NAMESPACE": @.x})", R"({"x": 1})"), R"({"a":1})");
  EXPECT_EQ(found_for("a", R"(x."$NAMESPACE".y)", R"({"x": {"a": {"y": 1}}})"), "1");
}

TEST(Placeholders, are_not_looked_for_in_values) {
  EXPECT_EQ(found_for("$ACCESS_ENTRY_TYPE", "'$NAMESPACE'"), R"("$ACCESS_ENTRY_TYPE")");
}

TEST(Placeholders, of_which_several_fit_are_the_longest) {
  constexpr std::string_view both[] = {"$A", "$AB"};
  const Binding bindings[] = {{"$A", "1"}, {"$AB", "2"}};
  const auto expression = Expression::compile("'$AB$A$ABC'", both).value();
  EXPECT_EQ(expression.search(nullptr, bindings).value(), "212C");
}

TEST(Placeholders, must_have_values) {
  const auto expression = Expression::compile("'$NAMESPACE'", names).value();
  const auto result = expression.search(nullptr);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, EvaluationError::Kind::unbound);
  EXPECT_EQ(result.error().message, "$NAMESPACE has no value");
}

TEST(Placeholders, stand_nowhere_but_in_quotes) {
  EXPECT_EQ(found_for("a", "access[?name==$NAMESPACE]"),
            "refused at byte 14: a placeholder stands within quotes: write '$NAME', not $NAME");
}

TEST(Placeholders, mean_nothing_where_none_are_named) {
  EXPECT_EQ(Expression::compile("'$NAMESPACE'")->search(nullptr).value(), "$NAMESPACE");
}

}  // namespace
}  // namespace chartmuseum::jmespath
