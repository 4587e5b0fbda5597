// SPDX-License-Identifier: Apache-2.0
#include "encoding/json_text.hpp"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::encoding {
namespace {

TEST(JsonText, reads_an_object_of_anything) {
  const auto object = read_json_object(
      "\r\n {\"a\": [1, -2, 18446744073709551615, 1e3, \"t\\u00e4\"], \"b\": {\"c\": null}, "
      "\"d\": true} \n");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->size(), 3U);
  EXPECT_EQ(object->at("a").get_array().size(), 5U);
  EXPECT_EQ(string_member(*read_json_object(R"({"a":"x"})"), "a"), "x");
}

TEST(JsonText, refuses_what_is_not_one_object) {
  for (const char* text : {"",
                           " ",
                           "1",
                           "null",
                           "\"a\"",
                           "[]",
                           "[{}]",
                           "{} {}",
                           "{}x",
                           "{",
                           "{\"a\"}",
                           "{\"a\":1,}",
                           "{'a':1}",
                           "{a:1}",
                           "{\"a\":01}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":+1}",
                           "// c\n{}",
                           "{\"a\":\"\x01\"}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\\ud800\"}",
                           "\xef\xbb\xbf{}"}) {
    EXPECT_FALSE(read_json_object(text)) << text;
  }
}

TEST(JsonText, refuses_a_name_that_stands_twice_wherever_it_is) {
  EXPECT_FALSE(read_json_object(R"({"a":1,"a":1})"));
  EXPECT_FALSE(read_json_object(R"({"a":1,"\u0061":2})"));
  EXPECT_FALSE(read_json_object(R"({"x":[{"b":{"a":1,"a":2}}]})"));
  EXPECT_FALSE(read_json_object(R"({"a":{"b":1},"a":2})"));
  EXPECT_TRUE(read_json_object(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":1})"));
}

TEST(JsonText, refuses_what_nests_too_deep) {
  const auto nested = [](std::size_t depth) {
    return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + '}';
  };
  EXPECT_TRUE(read_json_object(nested(32)));
  EXPECT_FALSE(read_json_object(nested(33)));
  EXPECT_FALSE(read_json_object(nested(100'000)));
}

TEST(JsonText, gives_a_member_only_if_it_is_a_string) {
  const auto object = read_json_object(R"({"a":1,"b":null,"c":["x"],"d":""})");
  for (const char* name : {"a", "b", "c", "e"}) {
    EXPECT_EQ(string_member(*object, name), std::nullopt) << name;
  }
  EXPECT_EQ(string_member(*object, "d"), "");
}

}  // namespace
}  // namespace chartmuseum::encoding
