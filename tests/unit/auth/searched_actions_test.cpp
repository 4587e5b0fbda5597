// SPDX-License-Identifier: Apache-2.0
#include "auth/token_actions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace chartmuseum::auth {
namespace {

constexpr const char* kDefault =
    "access[?name=='$NAMESPACE' && type=='$ACCESS_ENTRY_TYPE'].actions[]";

std::string letters(const TokenActions& actions, const Claims& claims,
                    std::string_view repository) {
  std::string found;
  for (const Action action : kActions) {
    if (actions.allow(claims, repository, action)) found += text_of(action).substr(0, 2);
  }
  return found;
}

std::string allowed(const char* expression, const std::string& claims,
                    std::string_view repository = "org1") {
  const auto actions = searched_actions(expression).value();
  return letters(*actions, Claims::parse(claims).value(), repository);
}

TEST(SearchedActions, are_the_texts_of_an_array_or_one_text) {
  EXPECT_EQ(allowed("roles", R"({"roles":["pull","push"]})"), "pupude");
  EXPECT_EQ(allowed("roles", R"({"roles":"pull"})"), "pu");
  EXPECT_EQ(allowed("roles", R"({"roles":[7,null,["push"],{"a":"push"},"pull"]})"), "pu");
  EXPECT_EQ(allowed("realm.*.actions[]", R"({"realm":{"a":{"actions":["push"]}}})"), "pude");
}

TEST(SearchedActions, are_none_where_something_else_is_found_or_nothing) {
  for (const char* roles : {"null", "7", "true", "{}", "[]", R"({"pull":"pull"})", R"("*")",
                            R"(["*"])", R"("pull,push")", R"("")"}) {
    EXPECT_EQ(allowed("roles", "{\"roles\":" + std::string(roles) + "}"), "") << roles;
  }
  EXPECT_EQ(allowed("roles", "{}"), "");
  EXPECT_EQ(allowed("length(roles)", R"({"roles":7})"), "") << "the search itself fails";
}

TEST(SearchedActions, may_depend_on_the_repository) {
  const char* expression = "\"$NAMESPACE\"";
  EXPECT_EQ(allowed(expression, R"({"org1":["pull"],"repo":["push"]})"), "pu");
  EXPECT_EQ(allowed(expression, R"({"org1":["pull"],"repo":["push"]})", ""), "pude");
}

TEST(SearchedActions, of_a_repository_cannot_break_out_of_the_expression) {
  const std::string claims =
      R"({"access":[{"type":"artifact-repository","name":"org1","actions":["push"]}]})";
  for (const char* name : {"x' || '1'=='1", "x\\' || '1'=='1", "org1' || 'a'=='a", "`1`",
                           "$NAMESPACE", "$ACCESS_ENTRY_TYPE", "org1'", "'org1'", "*", "org1\\"}) {
    EXPECT_EQ(allowed(kDefault, claims, name), "") << name;
  }
  EXPECT_EQ(allowed(kDefault, claims, "org1"), "pude");
}

TEST(SearchedActions, need_an_expression) {
  EXPECT_THAT(searched_actions("access[?").error(), testing::HasSubstr("at byte"));
  EXPECT_FALSE(searched_actions(""));
  EXPECT_FALSE(searched_actions("nonesuch(@)"));
}

/// Any value, more often than not one that matters.
std::string random_value(std::mt19937& random, int depth) {
  static constexpr std::array<const char*, 16> kScalars{"null",
                                                        "true",
                                                        "0",
                                                        "\"\"",
                                                        "\"pull\"",
                                                        "\"push\"",
                                                        "\"*\"",
                                                        "\"org1\"",
                                                        "\"org2\"",
                                                        "\"repo\"",
                                                        "{}",
                                                        "[]",
                                                        "\"artifact-repository\"",
                                                        "\"artifact-repository\"",
                                                        "[\"pull\"]",
                                                        "[\"push\",\"pull\"]"};
  const auto pick = [&random](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  if (depth == 0 || pick(3) != 0) return kScalars.at(pick(kScalars.size()));
  std::string text;
  if (pick(2) == 0) {
    for (std::size_t i = pick(4); i > 0; --i) {
      text += (text.empty() ? "" : ",") + random_value(random, depth - 1);
    }
    return '[' + text + ']';
  }
  static constexpr std::array<std::array<const char*, 2>, 3> kMembers{
      {{"type", "\"artifact-repository\""}, {"name", "\"org1\""}, {"actions", "[\"pull\"]"}}};
  for (const auto& [name, likely] : kMembers) {
    if (pick(8) == 0) continue;
    text += (text.empty() ? "\"" : ",\"") + std::string(name) +
            "\":" + (pick(2) == 0 ? std::string(likely) : random_value(random, depth - 1));
  }
  return '{' + text + '}';
}

TEST(SearchedActions, by_default_are_those_of_the_access_claim) {
  std::mt19937 random(5);
  const auto searched = searched_actions(kDefault).value();
  const auto by_hand = access_claim_actions();
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string entries;
    for (int n = 0; n < 3; ++n) entries += (n == 0 ? "" : ",") + random_value(random, 3);
    const std::string text =
        "{\"access\":" + (i % 10 == 0 ? random_value(random, 3) : '[' + entries + ']') + "}";
    const Claims claims = Claims::parse(text).value();
    for (const char* repository : {"org1", "org2", ""}) {
      const std::string expected = letters(*searched, claims, repository);
      ASSERT_EQ(letters(*by_hand, claims, repository), expected) << text << " for " << repository;
      found += expected.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(found, 100);
}

}  // namespace
}  // namespace chartmuseum::auth
