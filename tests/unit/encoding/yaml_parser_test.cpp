// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_parser.hpp"

#include "encoding/json_writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {
namespace {

using namespace std::string_view_literals;

/// What `text` means, as JSON; or why it means nothing.
std::string parsed(std::string_view text) {
  const auto value = parse_yaml(text);
  if (!value) return value.error().message();
  std::string json;
  append_json(json, *value);
  return json;
}

TEST(YamlParser, types_plain_scalars_and_no_others) {
  EXPECT_EQ(parsed("[1, 1.5, yes, ~, x, '1', \"yes\"]"), R"([1,1.5,true,null,"x","1","yes"])");
  EXPECT_EQ(parsed("- |\n  1\n- >-\n  no\n"), R"(["1\n","no"])");
}

TEST(YamlParser, takes_an_empty_text_for_null) {
  EXPECT_EQ(parsed(""), "null");
  EXPECT_EQ(parsed("# nothing\n"), "null");
  EXPECT_EQ(parsed("---\n...\n"), "null");
}

TEST(YamlParser, keeps_members_in_document_order) {
  const auto value = parse_yaml("b: 1\na: 2\n");
  ASSERT_TRUE(value);
  ASSERT_EQ(value->mapping()->size(), 2U);
  EXPECT_EQ(value->mapping()->front().first, "b");
}

TEST(YamlParser, lets_the_last_of_duplicate_keys_win_in_the_place_of_the_first) {
  const auto value = parse_yaml("{b: 1, a: 2, b: 3, c: 4, b: 5}");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->mapping()->front(), (Value::Member{"b", Value(std::int64_t{5})}));
  EXPECT_EQ(parsed("{b: 1, a: 2, b: 3, c: 4, b: 5}"), R"({"a":2,"b":5,"c":4})");
}

TEST(YamlParser, makes_keys_strings) {
  EXPECT_EQ(
      parsed("{0x10: a, yes: b, 1.50: c, .inf: d, .nan: e, 2001-01-01: f, 1e6: g}"),
      R"({".inf":"d",".nan":"e","1.5":"c","16":"a","1e+06":"g","2001-01-01":"f","true":"b"})");
}

TEST(YamlParser, refuses_keys_that_json_does_not_know) {
  EXPECT_EQ(parsed("~: 1"), "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1");
  EXPECT_EQ(parsed("18446744073709551615: x"),
            "unsupported map key of type: uint64, key: 0xffffffffffffffff, value: \"x\"");
  EXPECT_EQ(parsed("{[a]: 1}"), R"(yaml: invalid map key: []interface {}{"a"})");
  EXPECT_EQ(
      parsed("version: {{ .Version }}"),
      R"(yaml: invalid map key: map[interface {}]interface {}{".Version":interface {}(nil)})");
}

TEST(YamlParser, does_not_mind_a_bad_key_in_a_value_that_is_overridden) {
  EXPECT_EQ(parsed("{a: {~: 1}, a: 2}"), R"({"a":2})");
}

TEST(YamlParser, heeds_tags_of_scalars_and_ignores_those_of_collections) {
  EXPECT_EQ(parsed("[!!str 1, !!int '7', !!float 1, !!binary aGk=, !x 1, ! 1, !<tag:a,b> no]"),
            R"(["1",7,1,"hi","1","1","no"])");
  EXPECT_EQ(parsed("!!set {a: !!seq [1]}"), R"({"a":[1]})");
  EXPECT_EQ(parsed("a: !!int x"), "yaml: cannot decode !!str `x` as a !!int");
  EXPECT_EQ(parsed("a: !!binary x"), "yaml: !!binary value contains invalid base64 data");
}

TEST(YamlParser, expands_aliases_of_the_latest_anchor) {
  EXPECT_EQ(parsed("[&a 1, *a, &a {x: &b [2]}, *a, *b]"), R"([1,1,{"x":[2]},{"x":[2]},[2]])");
  EXPECT_EQ(parsed("{&k key: 1, other: *k}"), R"({"key":1,"other":"key"})");
  EXPECT_EQ(parsed("[*a]"), "yaml: unknown anchor 'a' referenced");
  EXPECT_EQ(parsed("&a [*a]"), "yaml: anchor 'a' value contains itself");
}

TEST(YamlParser, merges_in_place_so_that_a_merge_overrides_keys_before_it) {
  EXPECT_EQ(parsed("{base: &b {x: 1, y: 2}, z: {x: 0, <<: *b, y: 3}}"),
            R"({"base":{"true":2,"x":1},"z":{"true":3,"x":1}})");
  EXPECT_EQ(parsed("{<<: {a: 1, b: 1}, b: 2}"), R"({"a":1,"b":2})");
  EXPECT_EQ(parsed("{b: 2, <<: {a: 1, b: 1}}"), R"({"a":1,"b":1})");
}

TEST(YamlParser, merges_a_list_so_that_earlier_items_win) {
  EXPECT_EQ(parsed("[&p {a: 1, b: 1}, &q {b: 2, c: 2}, {<<: [*p, *q, {d: 3}]}]"),
            R"([{"a":1,"b":1},{"b":2,"c":2},{"a":1,"b":1,"c":2,"d":3}])");
}

TEST(YamlParser, merges_nothing_but_mappings) {
  constexpr std::string_view problem =
      "yaml: map merge requires map or sequence of maps as the value";
  EXPECT_EQ(parsed("{<<: 1}"), problem);
  EXPECT_EQ(parsed("{a: &a [1], <<: *a}"), problem);
  EXPECT_EQ(parsed("{<<: [[{a: 1}]]}"), problem);
}

TEST(YamlParser, merges_only_for_a_plain_or_tagged_key) {
  EXPECT_EQ(parsed("{'<<': {a: 1}}"), R"({"\u003c\u003c":{"a":1}})");
  EXPECT_EQ(parsed("{!!merge '<<': {a: 1}}"), R"({"a":1})");
}

TEST(YamlParser, reads_only_the_first_document) {
  EXPECT_EQ(parsed("a: 1\n---\n[\n"), R"({"a":1})");
  EXPECT_EQ(parsed("a: 1\n...\n\"\n"), R"({"a":1})");
}

TEST(YamlParser, looks_for_bad_characters_a_little_behind_the_first_document) {
  const std::string far = "a: 1\n---\n" + std::string(600, ' ');
  EXPECT_EQ(parsed(far + "\x01"), R"({"a":1})");
  EXPECT_EQ(parsed("a: 1\n---\n\x01"), "yaml: control characters are not allowed");
}

TEST(YamlParser, refuses_characters_that_yaml_does_not_know) {
  constexpr std::string_view problem = "yaml: control characters are not allowed";
  for (const std::string_view bad : {"\0"sv, "\x08"sv, "\x1B"sv, "\x7F"sv, "\xC2\x80"sv,
                                     "\xC2\x9F"sv, "\xEF\xBF\xBE"sv, "\xEF\xBF\xBF"sv}) {
    EXPECT_EQ(parsed("a: 1 # " + std::string(bad)), problem);
  }
  EXPECT_EQ(parsed("a: \xFF"), "yaml: invalid leading UTF-8 octet");
  EXPECT_EQ(parsed("a: \xC3"), "yaml: incomplete UTF-8 octet sequence");
  EXPECT_EQ(parsed("a: \xED\xA0\x80"), "yaml: invalid Unicode character");
}

TEST(YamlParser, takes_five_kinds_of_line_breaks) {
  EXPECT_EQ(parsed("a: 1\r\nb: 2\rc: 3\xC2\x85"
                   "d: 4\xE2\x80\xA8"
                   "e: 5\xE2\x80\xA9"
                   "f: 6\n"),
            R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6})");
}

TEST(YamlParser, skips_byte_order_marks_at_the_start) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF"
                   "a: 1"),
            R"({"a":1})");
  EXPECT_EQ(parsed("\xEF\xBB\xBF\xEF\xBB\xBF"
                   "a: 1"),
            R"({"a":1})");
}

TEST(YamlParser, reads_utf_16_that_begins_with_a_byte_order_mark) {
  EXPECT_EQ(parsed("\xFF\xFE"
                   "a\0:\0 \0\xE9\0"sv),
            "{\"a\":\"\xC3\xA9\"}");
  EXPECT_EQ(parsed("\xFE\xFF\0a\0:\0 \xD8\x3D\xDE\x00"sv), "{\"a\":\"\xF0\x9F\x98\x80\"}");
}

TEST(YamlParser, tells_the_line_as_go_does) {
  EXPECT_EQ(parsed("a: b: c"), "yaml: mapping values are not allowed in this context");
  EXPECT_EQ(parsed("\n\n\na: b: c"),
            "yaml: line 4: mapping values are not allowed in this context");
  EXPECT_EQ(parsed("a: [\n  b\nc: d\n"), "yaml: line 2: did not find expected ',' or ']'");
  EXPECT_EQ(parsed("a: '\n"), "yaml: line 2: found unexpected end of stream");
  EXPECT_EQ(parsed("a:\n\tb: 1"), "yaml: line 2: found character that cannot start any token");
  EXPECT_EQ(parsed("{a: 1"), "yaml: line 1: did not find expected ',' or '}'");
}

TEST(YamlParser, keeps_infinite_numbers_for_string_fields_and_finds_them_for_others) {
  const auto value = parse_yaml("{a: -.inf, .nan: 1}");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->mapping()->front().second, Value(-INFINITY));
  EXPECT_EQ(find_unsupported_number(*value)->message(), "json: unsupported value: -Inf");
  EXPECT_EQ(find_unsupported_number(*parse_yaml("[{a: [.nan]}]"))->message(),
            "json: unsupported value: NaN");
  EXPECT_FALSE(find_unsupported_number(*parse_yaml("{.inf: 1, a: '.inf', b: 1e308}")));
}

}  // namespace
}  // namespace chartmuseum::encoding
