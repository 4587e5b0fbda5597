// SPDX-License-Identifier: Apache-2.0
#include "storage/hot_objects.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::storage {
namespace {

HotObjects::Version version(const std::string& etag, const std::string& bytes) {
  return {.etag = etag, .bytes = std::make_shared<const std::string>(bytes)};
}

TEST(HotObjects, gives_back_what_was_kept_with_its_etag) {
  HotObjects hot(1 << 20);
  EXPECT_FALSE(hot.find("org/a-1.0.0.tgz"));
  hot.keep("org/a-1.0.0.tgz", version("1", "old"));
  hot.keep("org/a-1.0.0.tgz", version("2", "new"));
  const auto found = hot.find("org/a-1.0.0.tgz");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->etag, "2");
  EXPECT_EQ(*found->bytes, "new");
  EXPECT_FALSE(hot.find("a-1.0.0.tgz"));
}

TEST(HotObjects, lets_go_of_what_was_not_asked_for_the_longest) {
  HotObjects hot(1 << 20);
  const std::string bytes(10'000, 'x');
  hot.keep("favourite", version("1", bytes));
  for (int i = 0; i < 1'000; ++i) {
    hot.keep("object" + std::to_string(i), version("1", bytes));
    ASSERT_TRUE(hot.find("favourite")) << i;
  }
  EXPECT_FALSE(hot.find("object0"));
  EXPECT_TRUE(hot.find("object999"));
}

TEST(HotObjects, stays_within_its_capacity) {
  HotObjects hot(1 << 20);
  std::vector<std::weak_ptr<const std::string>> all;
  for (int i = 0; i < 5'000; ++i) {
    auto kept = version("1", std::string(4'000, 'x'));
    all.push_back(kept.bytes);
    hot.keep("object" + std::to_string(i), std::move(kept));
  }
  std::size_t bytes = 0;
  for (const auto& each : all) bytes += each.expired() ? 0U : 4'000U;
  EXPECT_LE(bytes, 1U << 20);
  EXPECT_GT(bytes, 1U << 19);
}

TEST(HotObjects, does_not_keep_what_would_push_out_much_else) {
  HotObjects hot(1 << 20);
  hot.keep("a", version("1", "small"));
  hot.keep("a", version("2", std::string(100'000, 'x')));
  EXPECT_FALSE(hot.find("a"));  // nor what it was before
}

TEST(HotObjects, may_be_used_by_several_threads) {
  HotObjects hot(1 << 16);
  const auto work = [&hot] {
    for (int i = 0; i < 2'000; ++i) {
      const std::string key = "object" + std::to_string(i % 37);
      hot.keep(key, version("1", key));
      const auto found = hot.find(key);
      EXPECT_TRUE(!found || *found->bytes == key);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
}

}  // namespace
}  // namespace chartmuseum::storage
