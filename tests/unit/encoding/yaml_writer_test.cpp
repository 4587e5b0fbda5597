// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_writer.hpp"

#include "encoding/value.hpp"
#include "encoding/yaml_parser.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {
namespace {

std::string as_value(std::string_view text) {
  YamlWriter writer;
  writer.begin_mapping();
  writer.key("k");
  writer.string(text);
  writer.end_mapping();
  return writer.take();
}

std::string as_key(std::string_view text) {
  YamlWriter writer;
  writer.begin_mapping();
  writer.key(text);
  writer.string("v");
  writer.end_mapping();
  return writer.take();
}

void expect_read_back(std::string_view text) {
  EXPECT_EQ(parse_yaml(as_value(text)), Value(Value::Mapping{{"k", Value(std::string(text))}}))
      << as_value(text);
  EXPECT_EQ(parse_yaml(as_key(text)),
            Value(Value::Mapping{{std::string(text), Value(std::string("v"))}}))
      << as_key(text);
}

TEST(YamlWriter, lays_out_two_spaces_with_lists_not_indented_below_their_key) {
  YamlWriter writer;
  writer.begin_mapping();
  writer.key("entries");
  writer.begin_mapping();
  writer.key("a");
  writer.begin_list();
  writer.begin_mapping();
  writer.key("keywords");
  writer.begin_list();
  writer.string("x");
  writer.begin_list();
  writer.number("1");
  writer.null();
  writer.end_list();
  writer.end_list();
  writer.key("name");
  writer.string("a");
  writer.end_mapping();
  writer.end_list();
  writer.end_mapping();
  writer.key("generated");
  writer.quoted("2026-01-02T03:04:05Z");
  writer.key("none");
  writer.begin_mapping();
  writer.end_mapping();
  writer.key("no");
  writer.begin_list();
  writer.end_list();
  writer.key("ok");
  writer.boolean(true);
  writer.end_mapping();
  EXPECT_EQ(writer.take(),
            "entries:\n"
            "  a:\n"
            "  - keywords:\n"
            "    - x\n"
            "    - - 1\n"
            "      - null\n"
            "    name: a\n"
            "generated: \"2026-01-02T03:04:05Z\"\n"
            "none: {}\n"
            "\"no\": []\n"
            "ok: true\n");
}

TEST(YamlWriter, writes_one_document_after_the_other) {
  YamlWriter writer;
  for (int i = 0; i < 3; ++i) {
    writer.begin_list();
    writer.string("a\n\n");
    writer.end_list();
    EXPECT_EQ(writer.take(), "- |+\n  a\n\n");
  }
}

TEST(YamlWriter, writes_what_reads_back_as_text_plain) {
  for (const char* text :
       {"1.2.3", "v1", "1-2", "1e", "0x", "99:99", "nO", "=", "+", "<<", "a b", "a:b", "a#b",
        "it's", "\xC3\xA9\xE6\x97\xA5", "\xC2\xA0", "https://a.b/c?d=e&f"}) {
    EXPECT_EQ(as_value(text), "k: " + std::string(text) + "\n");
  }
}

TEST(YamlWriter, puts_what_would_be_something_else_in_double_quotes) {
  for (const char* text : {"true", "y", "null", "~", "", "1.10", "0o17", "08", "1_000", "1:30",
                           "2001-01-01", ".inf"}) {
    EXPECT_EQ(as_value(text), "k: \"" + std::string(text) + "\"\n");
    EXPECT_EQ(as_key(text), "\"" + std::string(text) + "\": v\n");
  }
}

TEST(YamlWriter, puts_what_would_break_the_syntax_in_single_quotes) {
  for (const char* text :
       {" a", "a ", "a: b", "a #b", "a:", "- a", "-",  "---", "--- a", "...", "#a", "*a",
        "&a", "!a", "|",    "> x",  "[a", "{",   "%a", "@a",  "`a",    "? a", "\"a"}) {
    EXPECT_EQ(as_value(text), "k: '" + std::string(text) + "'\n");
    EXPECT_EQ(as_key(text), "'" + std::string(text) + "': v\n");
  }
  EXPECT_EQ(as_value("'a"), "k: '''a'\n");
}

TEST(YamlWriter, escapes_what_other_styles_cannot_hold) {
  EXPECT_EQ(as_value("a\tb"), "k: \"a\\tb\"\n");
  EXPECT_EQ(as_value("a\r"), "k: \"a\\r\"\n");
  EXPECT_EQ(as_value("\x1B[0m"), "k: \"\\e[0m\"\n");
  EXPECT_EQ(as_value("\xF0\x9F\x98\x80"), "k: \"\\U0001F600\"\n");
  EXPECT_EQ(as_value("a\xEF\xBB\xBF"), "k: \"a\\uFEFF\"\n");
  EXPECT_EQ(as_value("a \nb"), "k: \"a \\nb\"\n");
}

TEST(YamlWriter, escapes_what_no_reader_would_take) {
  EXPECT_EQ(as_value("\x7F"), "k: \"\\x7F\"\n");
  EXPECT_EQ(as_value("\xC2\x80\xC2\x9F"), "k: \"\\x80\\x9F\"\n");
  EXPECT_EQ(as_value("\xEF\xBF\xBE\xEF\xBF\xBF"), "k: \"\\uFFFE\\uFFFF\"\n");
  EXPECT_EQ(as_key("\x7F"), "\"\\x7F\": v\n");
}

TEST(YamlWriter, writes_lines_as_a_literal_block) {
  EXPECT_EQ(as_value("a\nb"), "k: |-\n  a\n  b\n");
  EXPECT_EQ(as_value("a\nb\n"), "k: |\n  a\n  b\n");
  EXPECT_EQ(as_value("a\n\n"), "k: |+\n  a\n\n");
  EXPECT_EQ(as_value(" a\nb"), "k: |2-\n   a\n  b\n");
  EXPECT_EQ(as_value("\na"), "k: |2-\n\n  a\n");
}

TEST(YamlWriter, folds_long_lines_at_single_spaces) {
  const std::string forty(40, 'x');
  EXPECT_EQ(as_value(forty + " " + forty + " y"), "k: " + forty + " " + forty + "\n  y\n");
  EXPECT_EQ(as_value(forty + "  " + forty + "  y"), "k: " + forty + "  " + forty + "  y\n");
}

TEST(YamlWriter, never_folds_a_simple_key) {
  const std::string sixty(60, 'x');
  EXPECT_EQ(as_key(sixty + " " + sixty + " y"), sixty + " " + sixty + " y: v\n");
}

TEST(YamlWriter, marks_keys_that_are_long_or_have_lines) {
  const std::string longest(128, 'x');
  EXPECT_EQ(as_key(longest), longest + ": v\n");
  EXPECT_EQ(as_key(longest + "x"), "? " + longest + "x\n: v\n");
  EXPECT_EQ(as_key("a\nb"), "? |-\n  a\n  b\n: v\n");
}

TEST(YamlWriter, quotes_a_key_that_would_be_a_merge) {
  EXPECT_EQ(as_key("<<"), "\"<<\": v\n");
}

TEST(YamlWriter, writes_keys_that_the_reference_cannot) {
  expect_read_back(std::string(1'023, 'x'));
  expect_read_back(std::string(5'000, 'x') + " y");
  expect_read_back("a\xC2\x9F");
  EXPECT_EQ(as_key("a\xE2\x80\xA8z"), "? \"a\\Lz\"\n: v\n");
  EXPECT_EQ(as_key("a\xC2\x85z"), "? \"a\\Nz\"\n: v\n");
}

TEST(YamlWriter, folds_next_line_characters_in_values_as_the_reference_does) {
  EXPECT_EQ(as_value("a\xC2\x85z"), "k: a z\n");
  EXPECT_EQ(as_value("a \xC2\x85  z"), "k: a z\n");
  EXPECT_EQ(as_value("a \xC2\x85 \xC2\x85z"), "k: |-\n  a\n  z\n");
  EXPECT_EQ(as_value("a\xC2\x85"), "k: 'a '\n");
}

TEST(YamlWriter, keeps_line_separators_in_values) {
  EXPECT_EQ(as_value("a\xE2\x80\xA8z"), "k: 'a\xE2\x80\xA8  z'\n");
}

TEST(YamlWriter, replaces_bytes_that_are_no_utf_8) {
  EXPECT_EQ(as_value("a\xFF"), "k: a\xEF\xBF\xBD\n");
  EXPECT_EQ(as_key("a\xFF"), "a\xEF\xBF\xBD: v\n");
}

TEST(YamlWriter, writes_texts_that_are_read_back) {
  for (const char* text : {"",
                           " ",
                           "\n",
                           "\n\n",
                           " \n",
                           "\n ",
                           "a\n b\n",
                           "\t",
                           "a\\b",
                           "\"",
                           "'",
                           "'\"",
                           "a\r\nb",
                           "|\n",
                           "- a\n- b",
                           "# a\nb",
                           "a: b\nc",
                           "\xEF\xBB\xBFx",
                           "\xE2\x80\xA9",
                           "\xF0\x9F\x98\x80\n",
                           "---\na",
                           "a\n...\nb",
                           "? a",
                           ": a",
                           "\x01\x02",
                           "a\xE2\x80\xA8 b"}) {
    expect_read_back(text);
  }
}

TEST(YamlWriter, writes_a_whole_value_in_natural_order) {
  const auto value =
      parse_yaml("{a10: 1, a2: [1.50, ~, {}, []], b: 1234567.5, A: yes, z: 2001-01-01}");
  ASSERT_TRUE(value);
  YamlWriter writer;
  writer.value(*value);
  EXPECT_EQ(writer.take(),
            "A: true\n"
            "a2:\n"
            "- 1.5\n"
            "- null\n"
            "- {}\n"
            "- []\n"
            "a10: 1\n"
            "b: 1.2345675e+06\n"
            "z: \"2001-01-01\"\n");
}

TEST(YamlWriter, tells_of_calls_that_make_no_document) {
  YamlWriter nothing;
  EXPECT_THROW(static_cast<void>(nothing.take()), std::logic_error);
  YamlWriter open;
  open.begin_list();
  EXPECT_THROW(static_cast<void>(open.take()), std::logic_error);
}

}  // namespace
}  // namespace chartmuseum::encoding
