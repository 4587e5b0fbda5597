// SPDX-License-Identifier: Apache-2.0
#include "storage/recently_used.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::storage {
namespace {

const auto kAny = [](const std::string&, int) { return true; };

TEST(RecentlyUsed, knows_values_by_key_and_what_they_cost_together) {
  RecentlyUsed<int> values;
  values.put("a", 1, 10);
  values.put("b", 2, 20);
  values.put("a", 3, 5);
  EXPECT_EQ(values.cost(), 25U);
  EXPECT_EQ(values.size(), 2U);
  ASSERT_NE(values.use("a"), nullptr);
  EXPECT_EQ(*values.use("a"), 3);
  EXPECT_EQ(values.use("c"), nullptr);
  EXPECT_TRUE(values.erase("b"));
  EXPECT_FALSE(values.erase("b"));
  EXPECT_EQ(values.cost(), 5U);
}

TEST(RecentlyUsed, sheds_first_what_was_not_used_for_the_longest) {
  RecentlyUsed<int> values;
  for (const char* key : {"a", "b", "c", "d"}) values.put(key, 0, 1);
  values.use("a");
  values.shed([&] { return values.cost() <= 2; }, kAny);
  EXPECT_NE(values.use("a"), nullptr);
  EXPECT_EQ(values.use("b"), nullptr);
  EXPECT_EQ(values.use("c"), nullptr);
  EXPECT_NE(values.use("d"), nullptr);
}

TEST(RecentlyUsed, leaves_what_may_not_go) {
  RecentlyUsed<int> values;
  for (const char* key : {"a", "b", "c"}) values.put(key, 0, 1);
  values.shed([] { return false; }, [](const std::string& key, int) { return key != "b"; });
  EXPECT_EQ(values.size(), 1U);
  EXPECT_NE(values.use("b"), nullptr);
}

TEST(RecentlyUsed, sheds_nothing_when_there_is_enough) {
  RecentlyUsed<int> values;
  values.put("a", 0, 1);
  values.shed([] { return true; }, kAny);
  EXPECT_EQ(values.size(), 1U);
}

}  // namespace
}  // namespace chartmuseum::storage
