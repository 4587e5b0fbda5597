// SPDX-License-Identifier: Apache-2.0
// Policies that cannot be meant end the start with one clear error.
#include "auth/policy.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

std::string refusal(std::string_view text) {
  const auto policy = Policy::parse(text);
  return policy ? "" : policy.error();
}

std::string refusal_of_rule(const std::string& rule) {
  return refusal("groups: {ops: [alice]}\nrules:\n- " + rule + "\n");
}

TEST(PolicyRefusal, is_for_a_policy_that_lets_nobody_do_anything) {
  EXPECT_EQ(refusal(""), "line 1, column 1: it is empty: nobody could do anything");
  EXPECT_EQ(refusal("{}"), "line 1, column 1: no rules: nobody could do anything");
  EXPECT_EQ(refusal("groups: {a: [b]}"), "line 1, column 1: no rules: nobody could do anything");
  EXPECT_EQ(refusal("rules: []"), "line 1, column 8: no rules: nobody could do anything");
  EXPECT_EQ(refusal("rules:\n").substr(0, 6), "line 1");
}

TEST(PolicyRefusal, is_for_what_is_no_yaml) {
  EXPECT_EQ(refusal("rules:\n  - users: [alice\n"),
            "line 3, column 1: did not find expected ',' or ']'");
}

TEST(PolicyRefusal, is_for_other_shapes) {
  EXPECT_EQ(refusal("[a]"), "line 1, column 1: a policy must be a mapping (key: value)");
  EXPECT_EQ(refusal("rules: {a: b}"), "line 1, column 8: rules must be a list");
  EXPECT_EQ(refusal("rules: [a]"), "line 1, column 9: a rule must be a mapping (key: value)");
  EXPECT_EQ(refusal("groups: [a]\nrules: []"),
            "line 1, column 9: groups must be a mapping (name: [users])");
  EXPECT_EQ(refusal_of_rule("{users: {alice: 1}, repositories: a, actions: pull}"),
            "line 3, column 11: users must be a list");
  EXPECT_EQ(refusal_of_rule("{users: [[alice]], repositories: a, actions: pull}"),
            "line 3, column 12: users must be a list of texts");
  EXPECT_EQ(refusal_of_rule("{users: [''], repositories: a, actions: pull}"),
            "line 3, column 12: users must be a list of texts");
}

TEST(PolicyRefusal, is_for_unknown_keys) {
  EXPECT_EQ(refusal("rules: []\nrule: []"),
            "line 2, column 1: unknown key \"rule\"; a policy has: groups, rules");
  EXPECT_EQ(refusal_of_rule("{users: alice, repositories: a, actoins: pull}"),
            "line 3, column 35: unknown key \"actoins\"; a rule has: users, groups, repositories, "
            "actions");
}

TEST(PolicyRefusal, is_for_keys_that_are_there_twice) {
  EXPECT_EQ(refusal("rules: []\nrules: []"), "line 2, column 1: the key \"rules\" is there twice");
  EXPECT_EQ(refusal("groups:\n  a: [b]\n  a: [c]\nrules: []"),
            "line 3, column 3: the key \"a\" is there twice");
}

TEST(PolicyRefusal, is_for_unknown_actions) {
  EXPECT_EQ(refusal_of_rule("{users: alice, repositories: a, actions: [pull, write]}"),
            "line 3, column 51: unknown action \"write\"; there are: pull, push, delete");
  EXPECT_EQ(refusal_of_rule("{users: alice, repositories: a, actions: Pull}"),
            "line 3, column 44: unknown action \"Pull\"; there are: pull, push, delete");
}

TEST(PolicyRefusal, is_for_unknown_groups) {
  EXPECT_EQ(refusal_of_rule("{groups: [ops, developers], repositories: a, actions: pull}"),
            "line 3, column 18: unknown group \"developers\"");
}

TEST(PolicyRefusal, is_for_rules_that_lack_a_part) {
  EXPECT_EQ(refusal_of_rule("{repositories: a, actions: pull}"),
            "line 3, column 3: a rule without users or groups");
  EXPECT_EQ(refusal_of_rule("{users: a, actions: pull}"),
            "line 3, column 3: a rule without repositories");
  EXPECT_EQ(refusal_of_rule("{users: a, repositories: a}"),
            "line 3, column 3: a rule without actions");
  EXPECT_EQ(refusal_of_rule("{users: [], repositories: a, actions: pull}"),
            "line 3, column 11: users is empty");
  EXPECT_EQ(refusal_of_rule("{users: a, repositories: ~, actions: pull}"),
            "line 3, column 28: repositories is empty");
  EXPECT_EQ(refusal_of_rule("{users: a, repositories: a, actions: []}"),
            "line 3, column 40: actions is empty");
  EXPECT_EQ(refusal("groups: {ops: []}\nrules: []"),
            "line 1, column 15: the group \"ops\" is empty");
}

TEST(PolicyRefusal, is_for_what_is_named_twice) {
  EXPECT_EQ(refusal_of_rule("{users: [alice, bob, alice], repositories: a, actions: pull}"),
            "line 3, column 24: \"alice\" is named twice in users");
  EXPECT_EQ(refusal("groups: {ops: [alice, alice]}\nrules: []"),
            "line 1, column 23: \"alice\" is named twice in the group \"ops\"");
  EXPECT_EQ(refusal_of_rule("{users: a, repositories: [b, 'b'], actions: pull}"),
            "line 3, column 32: \"b\" is named twice in repositories");
}

TEST(PolicyRefusal, is_for_patterns_that_are_none) {
  EXPECT_EQ(refusal_of_rule("{users: a, repositories: [org/, b], actions: pull}"),
            "line 3, column 29: the pattern \"org/\" has an empty segment");
}

TEST(PolicyRefusal, is_for_rules_without_effect) {
  const std::string first = "{users: [a, b], repositories: [x, y], actions: [pull, push]}\n- ";
  const std::string refused =
      "line 4, column 3: a rule without effect: those before it allow all of this already";
  EXPECT_EQ(refusal_of_rule(first + "{users: b, repositories: x, actions: push}"), refused);
  EXPECT_EQ(refusal_of_rule(first + "{users: c, repositories: x, actions: push}"), "");
  EXPECT_EQ(refusal_of_rule(first + "{users: b, repositories: [x, z], actions: push}"), "");
  EXPECT_EQ(refusal_of_rule(first + "{users: b, repositories: x, actions: [push, delete]}"), "");
  const std::string all = "{users: a, repositories: '**', actions: pull}\n- ";
  EXPECT_EQ(refusal_of_rule(all + "{users: a, repositories: x, actions: pull}"), refused);
  EXPECT_EQ(refusal_of_rule(all + "{users: a, repositories: '**/**', actions: pull}"), refused);
  EXPECT_EQ(refusal_of_rule(all + "{groups: ops, repositories: x, actions: pull}"), "");
}

TEST(PolicyRefusal, is_for_names_that_mean_something_else) {
  EXPECT_EQ(refusal("groups: {authenticated: [a]}\nrules: []"),
            "line 1, column 10: the group \"authenticated\" is there already: all who are known");
  EXPECT_EQ(refusal("groups: {a: [anonymous]}\nrules: []"),
            "line 1, column 14: \"anonymous\" is nobody's name; name it as a user of a rule");
}

TEST(PolicyRefusal, is_for_subjects_that_no_certificate_has) {
  EXPECT_EQ(refusal_of_rule("{users: ['CN=ci, O=Example'], repositories: a, actions: pull}"),
            "line 3, column 12: the subject \"CN=ci, O=Example\" has a blank behind a comma; by "
            "RFC 2253 it has none, as in CN=ci,O=Example");
  EXPECT_EQ(refusal_of_rule("{users: ['CN=Lovelace\\, Ada,O=X'], repositories: a, actions: pull}"),
            "");
  EXPECT_EQ(refusal_of_rule("{users: [\"a\\tb\"], repositories: a, actions: pull}"),
            "line 3, column 12: a user's name with a control character");
}

TEST(PolicyRefusal, shows_only_the_beginning_of_a_long_text) {
  EXPECT_EQ(refusal(std::string(1000, 'k') + ": 1").size(), 164U);
}

}  // namespace
}  // namespace chartmuseum::auth
