// SPDX-License-Identifier: Apache-2.0
// Texts that are made to cost much. Each of these tests ends at once, or never.
#include "encoding/json_writer.hpp"
#include "encoding/yaml_parser.hpp"
#include "encoding/yaml_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace chartmuseum::encoding {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

void expect_refused(const std::string& text, std::string_view message) {
  const auto parsed = parse_yaml(text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message(), message);
  const auto checked = check_yaml(text);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message(), message);
}

TEST(YamlBounds, takes_ten_thousand_levels_and_no_more) {
  const auto nested = [](std::size_t levels) { return repeat("[", levels) + repeat("]", levels); };
  const auto deepest = parse_yaml(nested(10'000));
  ASSERT_TRUE(deepest);
  EXPECT_TRUE(check_yaml(nested(10'000)));
  expect_refused(nested(10'001), "yaml: exceeded max depth of 10000");
  expect_refused(repeat("- ", 10'001) + "a", "yaml: exceeded max depth of 10000");
}

// Not ten thousand, because AddressSanitizer takes ten times the stack.
TEST(YamlBounds, copies_compares_and_writes_thousands_of_levels) {
  const auto deep = parse_yaml(repeat("{a: [", 1'000) + repeat("]}", 1'000));
  ASSERT_TRUE(deep);
  const Value copy = *deep;
  EXPECT_EQ(copy, *deep);
  std::string json;
  append_json(json, copy);
  EXPECT_EQ(json.size(), 1'000U * 8);
  YamlWriter writer;
  writer.value(copy);
  EXPECT_EQ(parse_yaml(writer.take()), deep);
}

TEST(YamlBounds, merges_along_a_chain_of_aliases) {
  std::string chain = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 100; ++i) {
    const std::string name = std::to_string(i);
    chain += "a" + name + ": &a" + name + " {<<: *a" + std::to_string(i - 1) + "}\n";
  }
  EXPECT_TRUE(check_yaml(chain));
}

TEST(YamlBounds, counts_the_levels_that_aliases_add) {
  expect_refused("a: &a " + repeat("[", 5'000) + repeat("]", 5'000) + "\nb: " + repeat("[", 5'000) +
                     "*a" + repeat("]", 5'000),
                 "yaml: exceeded max depth of 10000");
}

TEST(YamlBounds, expands_aliases_only_so_far) {
  std::string laughs = "a0: &a0 lol\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
              repeat("*a" + before + ",", 9) + "*a" + before + "]\n";
  }
  expect_refused(laughs, "yaml: document contains excessive aliasing");
}

TEST(YamlBounds, lets_many_aliases_be_where_most_nodes_are_the_documents_own) {
  EXPECT_TRUE(check_yaml("a: &a 1\nb: [" + repeat("*a, ", 90) + "*a]"));
  EXPECT_TRUE(check_yaml("a: &a 1\nb: [" + repeat("*a, x, ", 5'000) + "*a]"));
}

TEST(YamlBounds, limits_the_text_that_aliases_repeat) {
  expect_refused("a: &a " + std::string(1'000'000, 'x') + "\nb: [" + repeat("*a, ", 90) + "*a]",
                 "yaml: document contains excessive aliasing");
}

TEST(YamlBounds, merges_a_mapping_thousands_of_times) {
  std::string text = "base: &b {x: 1}\nall:\n";
  for (int i = 0; i < 50'000; ++i) text += "  k" + std::to_string(i) + ": 1\n";
  text += repeat("  <<: *b\n", 20'000);
  EXPECT_TRUE(check_yaml(text));
}

TEST(YamlBounds, does_not_slow_down_where_much_stands_deep_inside_flow_collections) {
  EXPECT_EQ(check_yaml(repeat("[", 9'000) + repeat("a,", 1'000'000) + repeat("]", 9'000)),
            std::unexpected(YamlError{0, "exceeded max size of nested collections"}));
  EXPECT_TRUE(check_yaml(repeat("[", 50) + repeat("a,", 1'000'000) + repeat("]", 50)));
}

TEST(YamlBounds, does_not_slow_down_with_directives) {
  std::string directives;
  for (int i = 0; i < 300'000; ++i) directives += "%TAG !" + std::to_string(i) + "! a\n";
  expect_refused(directives + "--- a", "yaml: too many %TAG directives");
}

TEST(YamlBounds, does_not_slow_down_with_anchors_and_keys) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) {
    const std::string name = std::to_string(i);
    text += "k" + name + ": &a" + name + " 1\n";
  }
  EXPECT_TRUE(check_yaml(text));
  EXPECT_TRUE(parse_yaml(text + text));
}

}  // namespace
}  // namespace chartmuseum::encoding
