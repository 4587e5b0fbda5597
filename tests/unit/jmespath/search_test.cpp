// SPDX-License-Identifier: Apache-2.0
// What expressions find. The public compliance suite has far more of this
// (tests/differential/jmespath_compliance.py).
#include "unit/jmespath/searching.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace chartmuseum::jmespath {
namespace {

constexpr const char* list = "[0, 1, 2, 3, 4]";

TEST(Search, finds_the_actions_of_the_repository_that_a_token_is_for) {
  EXPECT_EQ(found("access[?name=='org' && type=='artifact-repository'].actions[]", R"({
              "sub": "somebody",
              "access": [
                {"type": "artifact-repository", "name": "org", "actions": ["pull"]},
                {"type": "artifact-repository", "name": "other", "actions": ["pull", "push"]},
                {"type": "artifact-repository", "name": "org", "actions": ["push"]}
              ]})"),
            R"(["pull","push"])");
}

TEST(Search, finds_null_where_nothing_is) {
  EXPECT_EQ(found("a.b.c", R"({"a": 1})"), "null");
  EXPECT_EQ(found("a[0]", R"({"a": {}})"), "null");
  EXPECT_EQ(found("a[*]", R"({"a": "text"})"), "null");
  EXPECT_EQ(found("a.*", R"({"a": []})"), "null");
}

TEST(Search, counts_negative_indexes_from_the_end) {
  EXPECT_EQ(found("[1]", list), "1");
  EXPECT_EQ(found("[-1]", list), "4");
  EXPECT_EQ(found("[5]", list), "null");
  EXPECT_EQ(found("[-99999999999999999999]", list), "null");
}

TEST(Search, slices_like_python) {
  EXPECT_EQ(found("[1:3]", list), "[1,2]");
  EXPECT_EQ(found("[:-1]", list), "[0,1,2,3]");
  EXPECT_EQ(found("[::2]", list), "[0,2,4]");
  EXPECT_EQ(found("[::-2]", list), "[4,2,0]");
  EXPECT_EQ(found("[3:1]", list), "[]");
  EXPECT_EQ(found("[10:0:-3]", list), "[4,1]");
  EXPECT_EQ(found("[-10:10]", list), "[0,1,2,3,4]");
}

TEST(Search, slices_by_numbers_of_any_size) {
  EXPECT_EQ(found("[-9223372036854775808:9223372036854775807:9223372036854775807]", list), "[0]");
  EXPECT_EQ(found("[::-9223372036854775808]", list), "[4]");
}

TEST(Search, leaves_null_out_of_projections) {
  EXPECT_EQ(found("[*].a", R"([{"a": 1}, {}, {"a": null}, {"a": 2}])"), "[1,2]");
  EXPECT_EQ(found("*.a", R"({"x": {"a": 1}, "y": 2})"), "[1]");
}

TEST(Search, flattens_one_level) {
  EXPECT_EQ(found("[]", "[1, [2, [3]], []]"), "[1,2,[3]]");
  EXPECT_EQ(found("[].a", R"([[{"a": 1}], {"a": 2}])"), "[1,2]");
}

TEST(Search, selects_several_at_once) {
  EXPECT_EQ(found("[a, b]", R"({"a": 1})"), "[1,null]");
  EXPECT_EQ(found("{x: a, \"y z\": b}", R"({"a": 1, "b": 2})"), R"({"x":1,"y z":2})");
  EXPECT_EQ(found("a.[b]", "{}"), "null");
}

TEST(Search, takes_empty_things_for_false) {
  for (const char* empty : {"null", "false", "''", "[]", "{}"}) {
    const std::string literal = *empty == '\'' ? empty : "`" + std::string(empty) + "`";
    EXPECT_EQ(found(literal + " || 'other'"), R"("other")") << empty;
    EXPECT_EQ(found("!" + literal), "true") << empty;
  }
  EXPECT_EQ(found("`0` || 'other'"), "0");
}

TEST(Search, compares_numbers_by_value) {
  EXPECT_EQ(found("`1` == `1.0`"), "true");
  EXPECT_EQ(found("`1e0` < `2`"), "true");
  // Neighbours that are one and the same as doubles.
  EXPECT_EQ(found("`9223372036854775807` == `9223372036854775806`"), "false");
  EXPECT_EQ(found("`18446744073709551615` > `-1`"), "true");
}

TEST(Search, compares_whole_values) {
  EXPECT_EQ(found(R"(`{"a": 1, "b": [2]}` == `{"b": [2.0], "a": 1}`)"), "true");
  EXPECT_EQ(found(R"(`[1]` == `[1, 1]`)"), "false");
  EXPECT_EQ(found(R"(`1` == '1')"), "false");
  EXPECT_EQ(found(R"(`1` == `true`)"), "false");
}

TEST(Search, orders_nothing_but_numbers) {
  EXPECT_EQ(found("'a' < 'b'"), "null");
  EXPECT_EQ(found("`1` < '2'"), "null");
}

TEST(Search, can_be_done_on_many_threads_at_once) {
  const auto expression = Expression::compile("[?a > `1`].a | sort(@)").value();
  const auto document = boost::json::parse(R"([{"a": 3}, {"a": 1}, {"a": 2}])");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) {
        ASSERT_EQ(boost::json::serialize(expression.search(document).value()), "[2,3]");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace chartmuseum::jmespath
