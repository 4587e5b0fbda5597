// SPDX-License-Identifier: Apache-2.0
#include "auth/token_actions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

/// The letters of the actions that claims with this "access" allow.
std::string allowed(const std::string& access, std::string_view repository = "org1/repo1") {
  const auto claims = Claims::parse("{\"access\":" + access + "}").value();
  const auto actions = access_claim_actions();
  std::string letters;
  for (const Action action : kActions) {
    if (actions->allow(claims, repository, action)) letters += text_of(action).substr(0, 2);
  }
  return letters;
}

std::string entry(const std::string& actions, const std::string& name = "org1/repo1") {
  return R"({"type":"artifact-repository","name":")" + name + R"(","actions":)" + actions + '}';
}

TEST(TokenActions, are_those_of_the_entry_for_the_repository) {
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])") + ']'), "pu");
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])") + ']', "org1/repo2"), "");
  EXPECT_EQ(allowed('[' + entry("[]") + ']'), "");
}

TEST(TokenActions, of_push_include_delete) {
  EXPECT_EQ(allowed('[' + entry(R"(["push"])") + ']'), "pude");
  EXPECT_EQ(allowed('[' + entry(R"(["delete"])") + ']'), "");
}

TEST(TokenActions, may_be_one_text) {
  EXPECT_EQ(allowed('[' + entry(R"("pull")") + ']'), "pu");
  EXPECT_EQ(allowed('[' + entry(R"("pull,push")") + ']'), "");
}

TEST(TokenActions, add_up_over_the_entries_for_a_repository) {
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])") + ',' + entry(R"(["push"])", "other") + ',' +
                    entry(R"("push")") + ']'),
            "pupude");
}

TEST(TokenActions, know_the_only_repository_as_repo) {
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])", "repo") + ']', ""), "pu");
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])", "") + ']', ""), "");
}

TEST(TokenActions, have_no_wildcards) {
  EXPECT_EQ(allowed('[' + entry(R"(["*"])") + ']'), "");
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])", "*") + ']'), "");
  EXPECT_EQ(allowed('[' + entry(R"(["Pull","PUSH","pull "])") + ']'), "");
}

TEST(TokenActions, are_none_when_the_claim_has_wrong_types) {
  for (const char* access :
       {"null", "7", "true", "\"pull\"", "{}", "[]", "[null,7,\"pull\",[],{}]",
        R"([{"type":"artifact-repository","name":"org1/repo1"}])",
        R"([{"type":"artifact-repository","actions":["pull"]}])",
        R"([{"name":"org1/repo1","actions":["pull"]}])",
        R"([{"type":"repository","name":"org1/repo1","actions":["pull"]}])",
        R"([{"type":["artifact-repository"],"name":"org1/repo1","actions":["pull"]}])",
        R"([{"type":"artifact-repository","name":["org1/repo1"],"actions":["pull"]}])",
        R"([{"type":"artifact-repository","name":7,"actions":["pull"]}])",
        R"({"type":"artifact-repository","name":"org1/repo1","actions":["pull"]})"}) {
    EXPECT_EQ(allowed(access), "") << access;
  }
  for (const char* actions : {"null", "7", "true", "{}", R"({"pull":true})", "[null,7,true]",
                              R"([["pull"]])", R"([{"a":"pull"}])"}) {
    EXPECT_EQ(allowed('[' + entry(actions) + ']'), "") << actions;
  }
  EXPECT_FALSE(access_claim_actions()->allow(Claims::parse("{}").value(), "", Action::pull));
}

TEST(TokenActions, of_a_repository_with_an_odd_name_are_its_own) {
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])", "a") + ']', "a' || 'x'=='x"), "");
  EXPECT_EQ(allowed('[' + entry(R"(["pull"])", "a' || 'x'=='x") + ']', "a' || 'x'=='x"), "pu");
}

}  // namespace
}  // namespace chartmuseum::auth
