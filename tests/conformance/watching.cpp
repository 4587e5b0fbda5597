// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <set>
#include <string>

namespace chartmuseum::storage {
namespace {

/// Collects what a watch tells.
class Listener {
 public:
  ObjectStore::OnChange callback() {
    return [this](FolderChange change) {
      const std::lock_guard lock(mutex_);
      names_.insert(change.names.begin(), change.names.end());
      if (change.everything) names_.insert("(everything)");
    };
  }
  std::set<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(names_, {});
  }

 private:
  std::mutex mutex_;
  std::set<std::string> names_;
};

TEST_P(StoreConformance, tells_of_no_changes_where_it_cannot_watch) {
  if (traits().watchable) GTEST_SKIP() << "it can";
  EXPECT_EQ(store().watch("", [](const FolderChange&) {}), nullptr);
}

TEST_P(StoreConformance, tells_of_everything_that_changes_in_a_watched_folder) {
  if (!traits().watchable) GTEST_SKIP() << "not watchable";
  put("org/old", "x");
  Listener listener;
  const auto watch = store().watch("org", listener.callback());
  ASSERT_TRUE(watch);
  put("org/new", "x");
  put("org/old", "y", PutCondition::overwrite);
  put("org/below/other", "x");
  put("organ/other", "x");
  run_task(watch->caught_up());
  EXPECT_TRUE(watch->up_to_date());
  EXPECT_THAT(listener.take(), testing::ElementsAre("new", "old"));
  EXPECT_TRUE(remove("org/old"));
  run_task(watch->caught_up());
  EXPECT_THAT(listener.take(), testing::ElementsAre("old"));
}

TEST_P(StoreConformance, tells_each_of_several_watches) {
  if (!traits().watchable) GTEST_SKIP() << "not watchable";
  put("org/a", "x");
  put("b", "x");
  Listener first;
  Listener second;
  Listener root;
  const auto watch = store().watch("org", first.callback());
  auto other = store().watch("org", second.callback());
  const auto of_root = store().watch("", root.callback());
  ASSERT_TRUE(watch && other && of_root);
  put("org/c", "x");
  run_task(watch->caught_up());
  EXPECT_THAT(first.take(), testing::ElementsAre("c"));
  EXPECT_THAT(second.take(), testing::ElementsAre("c"));
  EXPECT_TRUE(root.take().empty());
  other.reset();
  put("org/d", "x");
  put("e", "x");
  run_task(watch->caught_up());
  EXPECT_THAT(first.take(), testing::ElementsAre("d"));
  EXPECT_TRUE(second.take().empty());
  EXPECT_THAT(root.take(), testing::ElementsAre("e"));
}

TEST_P(StoreConformance, tells_nothing_once_a_watch_has_ended) {
  if (!traits().watchable) GTEST_SKIP() << "not watchable";
  put("org/a", "x");
  for (int round = 0; round < 50; ++round) {
    auto told = std::make_unique<int>(0);  // a late call would touch freed memory
    auto watch = store().watch("org", [&count = *told](const FolderChange&) { ++count; });
    ASSERT_TRUE(watch);
    put("org/a", std::to_string(round), PutCondition::overwrite);
    watch.reset();
  }
}

TEST_P(StoreConformance, lets_a_callback_end_its_own_watch) {
  if (!traits().watchable) GTEST_SKIP() << "not watchable";
  put("org/a", "x");
  Listener listener;
  const auto last = store().watch("org", listener.callback());
  std::atomic<int> calls = 0;
  std::unique_ptr<FolderWatch> watch;
  std::mutex made;
  {
    const std::lock_guard lock(made);
    watch = store().watch("org", [&](const FolderChange&) {
      ++calls;
      const std::lock_guard inner(made);
      watch.reset();
    });
    ASSERT_TRUE(watch && last);
  }
  put("org/b", "x");
  run_task(last->caught_up());
  put("org/c", "x");
  run_task(last->caught_up());
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace chartmuseum::storage
