// SPDX-License-Identifier: Apache-2.0
#include "unit/jmespath/searching.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chartmuseum::jmespath {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Functions, compute) {
  EXPECT_EQ(found("abs(`-1.5`)"), "1.5E0");
  EXPECT_EQ(found("abs(`-9223372036854775808`)"), "9223372036854775808");
  EXPECT_EQ(found("avg(`[1, 2, 6]`)"), "3");
  EXPECT_EQ(found("avg(`[]`)"), "null");
  EXPECT_EQ(found("ceil(`1.2`)"), "2");
  EXPECT_EQ(found("floor(`-1.2`)"), "-2");
  EXPECT_EQ(found("sum(`[]`)"), "0");
  EXPECT_EQ(found("sum(`[9007199254740993, 2]`)"), "9007199254740995");
}

TEST(Functions, have_no_infinite_results) {
  EXPECT_THAT(found("sum(`[1e308, 1e308]`)"), StartsWith("failed"));
}

TEST(Functions, count_characters_rather_than_bytes) {
  EXPECT_EQ(found("length('日本')"), "2");
  EXPECT_EQ(found("reverse('日本a')"), R"("a本日")");
}

TEST(Functions, tell_about_texts) {
  EXPECT_EQ(found("starts_with('chart', 'ch')"), "true");
  EXPECT_EQ(found("ends_with('chart', 'ch')"), "false");
  EXPECT_EQ(found("contains('chart', 'har')"), "true");
  EXPECT_EQ(found("contains('1', `1`)"), "false");
  EXPECT_EQ(found("join('/', `[\"a\", \"b\"]`)"), R"("a/b")");
}

TEST(Functions, tell_about_arrays_and_objects) {
  EXPECT_EQ(found("contains(`[1, {\"a\": 2}]`, `{\"a\": 2}`)"), "true");
  EXPECT_EQ(found("keys(@)", R"({"b": 1, "a": 2})"), R"(["b","a"])");
  EXPECT_EQ(found("values(@)", R"({"b": 1, "a": 2})"), "[1,2]");
  EXPECT_EQ(found("length(@)", R"({"b": 1, "a": 2})"), "2");
  EXPECT_EQ(found("merge(@, `{\"a\": 3, \"c\": 4}`)", R"({"a": 1, "b": 2})"),
            R"({"a":3,"b":2,"c":4})");
  EXPECT_EQ(found("reverse(`[1, 2]`)"), "[2,1]");
}

TEST(Functions, order_by_value_or_by_an_expression) {
  EXPECT_EQ(found("sort(`[3, 1.5, -2]`)"), "[-2,1.5E0,3]");
  EXPECT_EQ(found("sort(`[\"b\", \"ab\", \"é\", \"Z\"]`)"), R"(["Z","ab","b","é"])");
  EXPECT_EQ(found("max(`[\"b\", \"c\", \"a\"]`)"), R"("c")");
  EXPECT_EQ(found("min(`[]`)"), "null");
  const char* people =
      R"([{"age": 3, "name": "c"}, {"age": 1, "name": "b"}, {"age": 3, "name": "a"}])";
  EXPECT_EQ(found("sort_by(@, &age)[].name", people), R"(["b","c","a"])");  // stable
  EXPECT_EQ(found("max_by(@, &age).name", people), R"("c")");
  EXPECT_EQ(found("min_by(@, &name).name", people), R"("a")");
}

TEST(Functions, call_an_expression_for_each_item) {
  EXPECT_EQ(found("map(&a, @)", R"([{"a": 1}, {}])"), "[1,null]");
  EXPECT_EQ(found("map(&sort_by(@, &k)[0].k, @)", R"([[{"k": 2}, {"k": 1}]])"), "[1]");
}

TEST(Functions, convert) {
  EXPECT_EQ(found("to_number('1.5e3')"), "1.5E3");
  EXPECT_EQ(found("to_number('12')"), "12");
  for (const char* none : {"''", "' 1'", "'0x1'", "'1e999'", "'inf'", "'-'", "`true`", "`[1]`"}) {
    EXPECT_EQ(found("to_number(" + std::string(none) + ")"), "null") << none;
  }
  EXPECT_EQ(found("to_string(`{\"a\": [1.50, \"é\\n\", null]}`)"),
            R"("{\"a\":[1.5,\"é\\n\",null]}")");
  EXPECT_EQ(found("to_string('text')"), R"("text")");
  EXPECT_EQ(found("to_array('a')"), R"(["a"])");
  EXPECT_EQ(found("to_array(`[1]`)"), "[1]");
  EXPECT_EQ(found("not_null(a, b, c)", R"({"b": 0, "c": 1})"), "0");
}

TEST(Functions, name_types) {
  EXPECT_EQ(found("map(&type(@), `[1, 1.5, \"a\", true, null, [], {}]`)"),
            R"(["number","number","string","boolean","null","array","object"])");
}

TEST(Functions, refuse_arguments_of_wrong_types_and_name_the_types_alone) {
  EXPECT_EQ(found("abs(@)", R"("secret")"), "failed: abs() takes number as argument 1, not string");
  EXPECT_EQ(found("length(@)", "1"),
            "failed: length() takes string or array or object as argument 1, not number");
  EXPECT_EQ(found("join('', @)", R"(["secret", 1])"),
            "failed: join() takes an array whose items are all string as argument 2");
  EXPECT_THAT(found("sort(@)", R"(["a", 1])"), StartsWith("failed"));
  EXPECT_THAT(found("max(@)", "[true]"), StartsWith("failed"));
  EXPECT_THAT(found("merge(@, @.a)", R"({"a": []})"), HasSubstr("argument 2"));
}

TEST(Functions, refuse_to_order_by_keys_of_different_types) {
  EXPECT_THAT(found("sort_by(@, &a)", R"([{"a": 1}, {"a": "b"}])"), StartsWith("failed"));
  EXPECT_THAT(found("max_by(@, &a)", R"([{"a": []}])"), StartsWith("failed"));
}

}  // namespace
}  // namespace chartmuseum::jmespath
