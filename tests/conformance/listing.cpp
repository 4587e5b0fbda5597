// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"

#include <gmock/gmock.h>

#include <string>

namespace chartmuseum::storage {
namespace {

using testing::ElementsAre;

TEST_P(StoreConformance, lists_nothing_of_a_folder_that_is_absent) {
  EXPECT_TRUE(list("").empty());
  EXPECT_TRUE(list("nowhere").empty());
  EXPECT_TRUE(list("no/where").empty());
}

TEST_P(StoreConformance, lists_exactly_one_level) {
  put("root.tgz", "x");
  put("foo/a.tgz", "x");
  put("foo/b.tgz", "x");
  put("foo/sub/c.tgz", "x");
  put("foobar/d.tgz", "x");
  put("foo-bar/e.tgz", "x");
  put("fo/f.tgz", "x");
  EXPECT_THAT(names(""), ElementsAre("root.tgz"));
  EXPECT_THAT(names("foo"), ElementsAre("a.tgz", "b.tgz"));
  EXPECT_THAT(names("foo/sub"), ElementsAre("c.tgz"));
  EXPECT_THAT(names("foobar"), ElementsAre("d.tgz"));
  EXPECT_THAT(names("fo"), ElementsAre("f.tgz"));
  EXPECT_THAT(names("f"), ElementsAre());
}

TEST_P(StoreConformance, lists_sizes_and_contents) {
  put("org/a", "1");
  put("org/b", "22");
  for (const ObjectInfo& object : list("org")) {
    EXPECT_EQ(object.size, object.name == "a" ? 1U : 2U);
    EXPECT_TRUE(object.same_content(*stat("org/" + object.name)));
  }
}

TEST_P(StoreConformance, lists_every_one_of_many_objects) {
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < traits().many_objects; ++i) {
    expected.push_back("chart-0.0." + std::to_string(100'000 + i) + ".tgz");
    put("many/" + expected.back(), "x");
  }
  put("many/below/x", "not of this level");
  EXPECT_EQ(names("many"), expected);
}

TEST_P(StoreConformance, has_a_new_folder_stamp_when_names_come_or_go) {
  const auto stamp = [&] { return run_task(store().folder_stamp("org")); };
  if (!traits().stamps) {
    const auto none = stamp();
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    return;
  }
  std::vector<std::optional<std::string>> seen;
  const auto expect_a_new_one = [&] {
    const auto next = stamp();
    ASSERT_TRUE(next && *next);
    EXPECT_THAT(seen, testing::Not(testing::Contains(*next)));
    seen.push_back(*next);
  };
  expect_a_new_one();
  put("org/a", "x");
  expect_a_new_one();
  put("org/b", "x");
  expect_a_new_one();
  EXPECT_TRUE(remove("org/a"));
  expect_a_new_one();
}

}  // namespace
}  // namespace chartmuseum::storage
