// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace chartmuseum::encoding {
namespace {

TEST(YamlCheck, tells_what_the_root_is) {
  EXPECT_EQ(check_yaml(""), YamlRoot::null);
  EXPECT_EQ(check_yaml("null"), YamlRoot::null);
  EXPECT_EQ(check_yaml("~ # nothing"), YamlRoot::null);
  EXPECT_EQ(check_yaml("'null'"), YamlRoot::scalar);
  EXPECT_EQ(check_yaml("!!str"), YamlRoot::scalar);
  EXPECT_EQ(check_yaml("!!null ''"), YamlRoot::null);
  EXPECT_EQ(check_yaml("text"), YamlRoot::scalar);
  EXPECT_EQ(check_yaml("{}"), YamlRoot::mapping);
  EXPECT_EQ(check_yaml("a: [1]\n---\nb"), YamlRoot::mapping);
  EXPECT_EQ(check_yaml("- a: 1"), YamlRoot::list);
  EXPECT_EQ(check_yaml("&a [*a"),
            std::unexpected(YamlError{1, "did not find expected ',' or ']'"}));
}

TEST(YamlCheck, refuses_infinite_numbers) {
  EXPECT_EQ(check_yaml("a: .inf").error().message(), "json: unsupported value: +Inf");
  EXPECT_EQ(check_yaml("- -.INF").error().message(), "json: unsupported value: -Inf");
  EXPECT_EQ(check_yaml(".nan").error().message(), "json: unsupported value: NaN");
  EXPECT_EQ(check_yaml("{a: .inf, a: 1}"), YamlRoot::mapping);
  EXPECT_EQ(check_yaml("{.inf: 1, a: '.inf', b: .info, c: !!str .inf}"), YamlRoot::mapping);
}

TEST(YamlCheck, agrees_with_parsing_on_every_kind_of_refusal) {
  for (const std::string_view text : {"a: b: c",
                                      "~: 1",
                                      "NULL: 1",
                                      "null: 1",
                                      "? \n: 1",
                                      "? [a]\n: 1",
                                      "{a: 1}: 2",
                                      "18446744073709551615: 1",
                                      "01777777777777777777777: 1",
                                      "a: !!int x",
                                      "!!int x: a",
                                      "a: !!binary x",
                                      "a: *b",
                                      "&a [*a]",
                                      "<<: 1",
                                      "{!!merge <<: 1}",
                                      "a: \x01",
                                      "a: \xFF",
                                      "@",
                                      "[",
                                      "- a\nb: 1",
                                      "%YAML 3.0\n--- a",
                                      "a: \"\\q\"",
                                      "!foo!bar a"}) {
    const auto parsed = parse_yaml(text);
    const auto checked = check_yaml(text);
    ASSERT_FALSE(parsed) << text;
    ASSERT_FALSE(checked) << text;
    EXPECT_EQ(checked.error().message(), parsed.error().message()) << text;
  }
}

TEST(YamlCheck, agrees_with_parsing_on_odd_texts_that_are_fine) {
  for (const std::string_view text :
       {"9223372036854775807: 1", "nullx: 1", "'null': 1", "'~': 1", "!!str : 1", "n: 1", "0: 1",
        "'<<': 1", "{<<: {a: 1}}", "[&a 1, *a]", "&a a: *a", "!!map {a: !!str .inf}", "a: .5",
        "? a\n? b\n", "%TAG !e! tag:e,2000:\n--- !e!f a", "---\n---\n", "a: |2\n   x\n"}) {
    EXPECT_TRUE(parse_yaml(text)) << text;
    EXPECT_TRUE(check_yaml(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::encoding
