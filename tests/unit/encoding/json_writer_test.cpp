// SPDX-License-Identifier: Apache-2.0
#include "encoding/json_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {
namespace {

using namespace std::string_view_literals;

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonWriter, escapes_what_json_must) {
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\b\f\n\r\t\x01\x1F\0"sv), R"("\b\f\n\r\t\u0001\u001f\u0000")");
}

TEST(JsonWriter, escapes_what_might_end_a_script_as_go_does) {
  EXPECT_EQ(json_string("<a href=\"x\">&</a>"),
            R"("\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e")");
  EXPECT_EQ(json_string("\xE2\x80\xA8\xE2\x80\xA9"), R"("\u2028\u2029")");
}

TEST(JsonWriter, leaves_other_characters_as_they_are) {
  EXPECT_EQ(json_string("\x7F\xC2\x85\xC3\xA9\xF0\x9F\x98\x80"),
            "\"\x7F\xC2\x85\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, replaces_bytes_that_are_no_utf_8) {
  EXPECT_EQ(json_string("a\xFFz\xC3"), R"("a\ufffdz\ufffd")");
}

TEST(JsonWriter, writes_keys_in_byte_order_and_every_number_as_a_float) {
  const Value value(Value::Mapping{
      {"b", Value(Value::List{Value(std::int64_t{9007199254740993}), Value(), Value(true)})},
      {"B", Value(1.5)},
      {"a", Value(Value::Mapping{})}});
  std::string out;
  append_json(out, value);
  EXPECT_EQ(out, R"({"B":1.5,"a":{},"b":[9007199254740992,null,true]})");
}

TEST(JsonWriter, makes_small_answers) {
  EXPECT_EQ(json_object("error", "no \"chart\""), R"({"error":"no \"chart\""})");
}

}  // namespace
}  // namespace chartmuseum::encoding
