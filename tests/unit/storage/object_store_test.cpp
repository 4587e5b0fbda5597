// SPDX-License-Identifier: Apache-2.0
#include "storage/object_store.hpp"

#include "conformance/run_task.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage {
namespace {

using namespace std::chrono_literals;

ObjectInfo info(std::uint64_t size, Timestamp modified, std::string etag) {
  return {.name = "a", .size = size, .modified = modified, .etag = std::move(etag)};
}

TEST(ObjectInfo, compares_etags_where_both_have_one) {
  const Timestamp time(1s);
  EXPECT_TRUE(info(1, time, "x").same_content(info(1, time + 1s, "x")));
  EXPECT_FALSE(info(1, time, "x").same_content(info(1, time, "y")));
}

TEST(ObjectInfo, compares_size_and_time_where_one_has_no_etag) {
  const Timestamp time(1s);
  EXPECT_TRUE(info(1, time, "").same_content(info(1, time, "x")));
  EXPECT_FALSE(info(1, time, "").same_content(info(2, time, "x")));
  EXPECT_FALSE(info(1, time, "").same_content(info(1, time + 1ns, "")));
}

/// Is up to date when it is asked for the third time, or never.
class SlowWatch final : public FolderWatch {
 public:
  explicit SlowWatch(bool alive) : alive_(alive) {}
  [[nodiscard]] bool up_to_date() const override { return alive_ && ++asked_ == 3; }
  [[nodiscard]] bool alive() const override { return alive_; }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  bool alive_;
  mutable int asked_ = 0;
};

TEST(FolderWatch, waits_until_it_is_up_to_date) {
  SlowWatch watch(true);
  run_task(watch.caught_up());
  EXPECT_EQ(watch.asked(), 3);
}

TEST(FolderWatch, does_not_wait_for_a_watch_that_is_lost) {
  SlowWatch watch(false);
  run_task(watch.caught_up());
  EXPECT_EQ(watch.asked(), 0);
}

}  // namespace
}  // namespace chartmuseum::storage
