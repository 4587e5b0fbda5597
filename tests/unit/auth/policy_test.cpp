// SPDX-License-Identifier: Apache-2.0
#include "auth/policy.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace chartmuseum::auth {
namespace {

Policy parsed(std::string_view text) {
  auto policy = Policy::parse(text);
  if (!policy) throw std::runtime_error(policy.error());
  return std::move(*policy);
}

/// The words of what is allowed.
std::string allowed(const Policy& policy, std::optional<std::string_view> user,
                    std::string_view repository) {
  std::string words;
  for (const Action action : kActions) {
    if (!policy.allows(user, repository, action)) continue;
    if (!words.empty()) words += ' ';
    words += text_of(action);
  }
  return words;
}

TEST(Policy, allows_what_a_rule_says_and_nothing_else) {
  const Policy policy = parsed(R"(
rules:
  - users: [alice]
    repositories: ["org1/*"]
    actions: [pull, push]
)");
  EXPECT_EQ(allowed(policy, "alice", "org1/repo"), "pull push");
  EXPECT_EQ(allowed(policy, "alice", "org2/repo"), "");
  EXPECT_EQ(allowed(policy, "bob", "org1/repo"), "");
  EXPECT_EQ(allowed(policy, "", "org1/repo"), "");
  EXPECT_EQ(allowed(policy, std::nullopt, "org1/repo"), "");
}

TEST(Policy, allows_by_name_of_the_user_without_regard_to_rules_for_others) {
  const Policy policy = parsed(R"(
rules:
  - users: [alice, bob]
    repositories: ["**"]
    actions: [pull]
  - users: [bob]
    repositories: [org1, "org2/**"]
    actions: [push, delete]
)");
  EXPECT_EQ(allowed(policy, "alice", "org1"), "pull");
  EXPECT_EQ(allowed(policy, "bob", "org1"), "pull push delete");
  EXPECT_EQ(allowed(policy, "bob", "org2/a/b"), "pull push delete");
  EXPECT_EQ(allowed(policy, "bob", "org3"), "pull");
}

TEST(Policy, has_groups) {
  const Policy policy = parsed(R"(
groups:
  developers: [alice, bob]
  robots: [ci, bob]
rules:
  - groups: [developers]
    repositories: ["dev/**"]
    actions: [pull, push]
  - groups: [robots]
    users: [carol]
    repositories: ["**"]
    actions: [pull]
)");
  EXPECT_EQ(allowed(policy, "alice", "dev/x"), "pull push");
  EXPECT_EQ(allowed(policy, "alice", "x"), "");
  EXPECT_EQ(allowed(policy, "bob", "x"), "pull");
  EXPECT_EQ(allowed(policy, "bob", "dev/x"), "pull push");
  EXPECT_EQ(allowed(policy, "ci", "dev/x"), "pull");
  EXPECT_EQ(allowed(policy, "carol", "x"), "pull");
  EXPECT_EQ(allowed(policy, "developers", "dev/x"), "");  // no user's name
}

TEST(Policy, allows_everybody_what_the_anonymous_may_do) {
  const Policy policy = parsed(R"(
rules:
  - users: [anonymous]
    repositories: ["public/*"]
    actions: [pull]
)");
  EXPECT_EQ(allowed(policy, std::nullopt, "public/a"), "pull");
  EXPECT_EQ(allowed(policy, "alice", "public/a"), "pull");
  EXPECT_EQ(allowed(policy, "alice", "private/a"), "");
}

TEST(Policy, has_a_group_of_all_who_are_known) {
  const Policy policy = parsed(R"(
rules:
  - groups: [authenticated]
    repositories: ["**"]
    actions: [pull]
)");
  EXPECT_EQ(allowed(policy, "alice", "a"), "pull");
  EXPECT_EQ(allowed(policy, std::nullopt, "a"), "");
}

TEST(Policy, names_the_subjects_of_certificates_and_tokens) {
  const Policy policy = parsed(R"(
groups:
  robots: ["CN=ci,O=Example", "token:repo:org/app:ref:refs/heads/main"]
rules:
  - groups: [robots]
    repositories: ["**"]
    actions: [push]
)");
  EXPECT_EQ(allowed(policy, "CN=ci,O=Example", "a"), "push");
  EXPECT_EQ(allowed(policy, "CN=CI,O=Example", "a"), "");
  EXPECT_EQ(allowed(policy, "O=Example,CN=ci", "a"), "");
  EXPECT_EQ(allowed(policy, token_user("repo:org/app:ref:refs/heads/main"), "a"), "push");
  EXPECT_EQ(allowed(policy, token_user("CN=ci,O=Example"), "a"), "");
}

TEST(Policy, gives_no_token_the_rights_of_a_user_with_the_same_name) {
  const Policy policy = parsed("rules: [{users: alice, repositories: '**', actions: push}]");
  EXPECT_EQ(allowed(policy, "alice", "a"), "push");
  EXPECT_EQ(allowed(policy, token_user("alice"), "a"), "");
}

TEST(Policy, names_the_one_repository_of_a_server_without_depth) {
  const Policy policy = parsed(R"(
rules:
  - {users: alice, repositories: ., actions: [pull, push]}
  - {users: bob, repositories: "**", actions: pull}
  - {users: carol, repositories: "*", actions: pull}
)");
  EXPECT_EQ(allowed(policy, "alice", ""), "pull push");
  EXPECT_EQ(allowed(policy, "alice", "org1"), "");
  EXPECT_EQ(allowed(policy, "bob", ""), "pull");
  EXPECT_EQ(allowed(policy, "carol", ""), "");
}

TEST(Policy, takes_a_single_text_for_a_list_of_one) {
  const Policy policy = parsed(
      "groups: {ops: alice}\n"
      "rules: [{groups: ops, repositories: org1, actions: delete}]\n");
  EXPECT_EQ(allowed(policy, "alice", "org1"), "delete");
}

TEST(Policy, takes_names_that_yaml_would_read_as_something_else) {
  const Policy policy = parsed("rules: [{users: [no, 007], repositories: [1.0], actions: pull}]");
  EXPECT_EQ(allowed(policy, "no", "1.0"), "pull");
  EXPECT_EQ(allowed(policy, "007", "1.0"), "pull");
}

TEST(Policy, may_be_large) {
  std::string text = "groups:\n  all: [";
  for (int user = 0; user < 5000; ++user) text += "user" + std::to_string(user) + ", ";
  text += "last]\nrules:\n";
  for (int rule = 0; rule < 2000; ++rule) {
    text += "- {groups: all, repositories: org" + std::to_string(rule) + ", actions: pull}\n";
  }
  const Policy policy = parsed(text);
  EXPECT_EQ(allowed(policy, "user4999", "org1999"), "pull");
  EXPECT_EQ(allowed(policy, "user5000", "org1999"), "");
}

// Whether each of these rules adds something cannot be found out in reasonable time.
TEST(Policy, may_combine_many_users_with_many_repositories) {
  std::string users;
  std::string repositories;
  for (int i = 0; i < 2000; ++i) {
    users += "u" + std::to_string(i) + ",";
    repositories += "r" + std::to_string(i) + ",";
  }
  const std::string rule =
      "- {users: [" + users + "], repositories: [" + repositories + "], actions: [pull]}\n";
  const Policy policy = parsed("rules:\n" + rule + rule);
  EXPECT_EQ(allowed(policy, "u1999", "r1999"), "pull");
}

}  // namespace
}  // namespace chartmuseum::auth
