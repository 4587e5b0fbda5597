// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_tree.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::encoding {
namespace {

YamlNode parsed(std::string_view text) {
  auto node = parse_yaml_tree(text);
  if (node) return std::move(*node);
  ADD_FAILURE() << text << ": " << node.error().message();
  return {};
}

std::string problem(std::string_view text) {
  const auto node = parse_yaml_tree(text);
  return node ? "" : node.error().message();
}

TEST(YamlTree, has_what_was_written_and_where) {
  const YamlNode root = parsed("# comment\nrules:\n  - users: [alice, 'bob']\n    count: 007\n");
  ASSERT_EQ(root.kind, YamlNode::Kind::mapping);
  EXPECT_EQ(root.place, (YamlPlace{2, 1}));
  ASSERT_EQ(root.members.size(), 1U);
  EXPECT_EQ(root.members[0].key.text, "rules");
  const YamlNode& rules = root.members[0].value;
  ASSERT_EQ(rules.kind, YamlNode::Kind::list);
  ASSERT_EQ(rules.items.size(), 1U);
  const YamlNode& rule = rules.items[0];
  EXPECT_EQ(rule.place, (YamlPlace{3, 5}));
  ASSERT_EQ(rule.members.size(), 2U);
  const YamlNode& users = rule.members[0].value;
  ASSERT_EQ(users.items.size(), 2U);
  EXPECT_EQ(users.items[0].text, "alice");
  EXPECT_TRUE(users.items[0].plain);
  EXPECT_EQ(users.items[1].text, "bob");
  EXPECT_FALSE(users.items[1].plain);
  EXPECT_EQ(users.items[1].place, (YamlPlace{3, 20}));
  EXPECT_EQ(rule.members[1].value.text, "007");
}

TEST(YamlTree, leaves_scalars_as_the_texts_that_they_are) {
  for (const char* text : {"no", "0x10", "1e3", "2001-01-01", "=", "<<"}) {
    EXPECT_EQ(parsed(text).text, text);
    EXPECT_FALSE(parsed(text).is_null());
  }
}

TEST(YamlTree, is_null_where_nothing_is_written) {
  for (const char* text : {"", "# nothing\n", "---\n", "~", "null"}) {
    EXPECT_TRUE(parsed(text).is_null()) << text;
  }
  EXPECT_TRUE(parsed("a:\n").members.at(0).value.is_null());
  EXPECT_FALSE(parsed("''").is_null());
  EXPECT_FALSE(parsed("'null'").is_null());
  EXPECT_FALSE(parsed("[]").is_null());
}

TEST(YamlTree, tells_where_the_text_is_no_yaml) {
  EXPECT_EQ(problem("a: b: c\n"),
            "line 1, column 5: mapping values are not allowed in this context");
  EXPECT_EQ(problem("a: 1\n\tb: 2\n"),
            "line 2, column 1: found a tab character that violates indentation");
  EXPECT_EQ(problem("[a, b\n"), "line 2, column 1: did not find expected ',' or ']'");
  EXPECT_EQ(problem("a: \x01"), "control characters are not allowed");
}

TEST(YamlTree, refuses_what_makes_a_file_hard_to_read) {
  EXPECT_EQ(problem("a: &x 1\n"), "line 1, column 4: an anchor, which is not allowed here");
  EXPECT_EQ(problem("a: *x\n"), "line 1, column 4: an alias, which is not allowed here");
  EXPECT_EQ(problem("- !!int 1\n"), "line 1, column 3: a tag, which is not allowed here");
  EXPECT_EQ(problem("- !x [1]\n"), "line 1, column 3: a tag, which is not allowed here");
  EXPECT_EQ(problem("a: {<<: 1}\n"), "line 1, column 5: a merge key, which is not allowed here");
  EXPECT_EQ(problem("? [a]\n: 1\n"), "line 1, column 3: a key that is not a text");
  EXPECT_EQ(problem("a: 1\nb: 2\n'a': 3\n"), "line 3, column 1: the key \"a\" is there twice");
  EXPECT_EQ(problem("a: 1\n---\nb: 1\n"), "line 2, column 1: a second document");
}

TEST(YamlTree, quotes_nothing_long_and_nothing_that_a_terminal_obeys) {
  EXPECT_EQ(problem(R"({"\e[2J": 1, "\e[2J": 2})"),
            "line 1, column 14: the key \"?[2J\" is there twice");
  const std::string key(500, 'k');
  EXPECT_EQ(problem(key + ": 1\n" + key + ": 2\n").size(), 18U + 300U + 3U);
}

TEST(YamlTree, refuses_what_is_nested_too_deep) {
  EXPECT_EQ(problem(std::string(17, '[') + std::string(17, ']')),
            "line 1, column 17: nested too deep");
  EXPECT_EQ(problem(std::string(16, '[') + std::string(16, ']')), "");
  EXPECT_EQ(problem(std::string(100'000, '[')), "line 1, column 17: nested too deep");
}

}  // namespace
}  // namespace chartmuseum::encoding
