// SPDX-License-Identifier: Apache-2.0
#include "repository/outage.hpp"
#include "repository_fixture.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using storage::Failure;
using storage::FailureKind;
using storage::MemoryStore;
using storage::Operation;

const Failure kOutage{FailureKind::unavailable, "no route to host"};

TEST(RetryDelay, doubles_up_to_the_last) {
  std::vector<seconds> delays;
  for (std::size_t failures = 1; failures <= 8; ++failures) {
    delays.push_back(
        std::chrono::duration_cast<seconds>(retry_delay(failures, seconds(1), seconds(32))));
  }
  EXPECT_EQ(delays, (std::vector<seconds>{seconds(1), seconds(2), seconds(4), seconds(8),
                                          seconds(16), seconds(32), seconds(32), seconds(32)}));
  EXPECT_EQ(retry_delay(1'000'000, seconds(1), seconds(32)), seconds(32));
}

class OutageTest : public RepositoryTest {
 protected:
  const Tenant tenant{
      settings, "org", store, workers,
      telemetry::Log::to({}, [this](std::string_view line) { lines.emplace_back(line); })};
  Outage outage{tenant};
  std::vector<std::string> lines;
};

TEST_F(OutageTest, is_logged_when_it_begins_at_growing_distances_and_when_it_ends) {
  const Outage::Clock::time_point begin{hours(1)};
  for (int second = 0; second < 3'600; ++second) {
    outage.failed({.kind = Refusal::unavailable, .detail = "timed out"}, begin + seconds(second));
  }
  // At 0, 15, 45, 105, 225, 465, 945, 1905 seconds.
  EXPECT_EQ(lines.size(), 8U);
  EXPECT_NE(lines.front().find("Storage could not be read"), std::string::npos);
  EXPECT_NE(lines.front().find("timed out"), std::string::npos);
  EXPECT_NE(lines.back().find("1905"), std::string::npos);
  outage.ended(begin + hours(1));
  outage.ended(begin + hours(2));
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_NE(lines.back().find("Storage can be read again"), std::string::npos);
  EXPECT_NE(lines.back().find("3600"), std::string::npos);
  EXPECT_FALSE(outage.reason());
}

TEST_F(OutageTest, that_is_over_leaves_nothing_behind_for_the_next_one) {
  for (int i = 0; i < 5; ++i) outage.failed({.detail = "first"});
  EXPECT_EQ(outage.retry_after(), settings.last_retry);
  outage.ended();
  outage.failed({.detail = "second"});
  EXPECT_EQ(outage.retry_after(), settings.first_retry);
  EXPECT_EQ(outage.reason()->detail, "second");
  EXPECT_NE(lines.back().find("second"), std::string::npos);
}

/// A bucket that goes away and comes back.
class RepositoryOutage : public RepositoryTest {
 protected:
  RepositoryOutage() {
    settings.cache_interval = std::chrono::milliseconds(5);
    const MemoryStore::Settings bucket{.watchable = false, .stamps = false, .reads_at_once = 64};
    open(&bucket);
  }

  void go_away(const Failure& failure = kOutage) {
    for (const Operation operation : {Operation::get, Operation::open, Operation::stat,
                                      Operation::put, Operation::remove, Operation::list}) {
      store->fail_always(operation, failure);
    }
  }
  std::optional<Refusal> refusal_of_index() {
    const auto current = run_task(repository->index());
    return current ? std::nullopt : std::optional(current.error().kind);
  }
};

TEST_F(RepositoryOutage, leaves_the_index_and_refuses_pushes_and_packages_for_a_while) {
  place("a", "1.0.0");
  const IndexPointer before = index();
  go_away();
  EXPECT_TRUE(eventually([this] { return logged("no route to host") > 0; }));
  EXPECT_EQ(index(), before);
  const Outcome<void> pushed = push("b", "1.0.0");
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().kind, Refusal::unavailable);
  const Outcome<void> removed = remove("a", "1.0.0");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, Refusal::unavailable);
  const Outcome<void> removed_unknown = remove("c", "1.0.0");
  ASSERT_FALSE(removed_unknown);
  EXPECT_EQ(removed_unknown.error().kind, Refusal::unavailable);
  const auto opened = run_task(repository->open("a-1.0.0.tgz"));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, Refusal::unavailable);
  EXPECT_EQ(index(), before);

  store->repair();
  EXPECT_TRUE(push("b", "1.0.0"));
  place("c", "1.0.0");
  EXPECT_TRUE(eventually(
      [this] { return listed() == Names{"a-1.0.0.tgz", "b-1.0.0.tgz", "c-1.0.0.tgz"}; }));
  EXPECT_EQ(logged("Storage can be read again"), 1U);
}

TEST_F(RepositoryOutage, is_named_once_in_the_log_however_often_the_storage_fails) {
  place("a", "1.0.0");
  go_away();
  EXPECT_TRUE(eventually([this] {
    refusal_of_index();
    return store->count(Operation::list) > 10;
  }));
  EXPECT_EQ(logged("no route to host"), 1U);
  store->repair();
  EXPECT_TRUE(eventually([this] { return !refusal_of_index(); }));
  EXPECT_EQ(logged("Storage can be read again"), 1U);
}

TEST_F(RepositoryOutage, is_told_at_once_to_all_who_ask_while_the_storage_is_asked_seldom) {
  settings.first_retry = std::chrono::hours(1);
  settings.last_retry = std::chrono::hours(1);
  open();
  go_away();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(refusal_of_index(), Refusal::unavailable);
    EXPECT_FALSE(push("a", "1.0.0"));
  }
  EXPECT_EQ(store->count(Operation::list), 1U);
}

TEST_F(RepositoryOutage, makes_nobody_wait_for_the_attempt_to_read_the_storage_again) {
  go_away();
  EXPECT_EQ(refusal_of_index(), Refusal::unavailable);
  auto attempt = store->hold(Operation::list);
  run_task(attempt.reached());
  EXPECT_EQ(refusal_of_index(), Refusal::unavailable);
  attempt.release();
}

TEST_F(RepositoryOutage, at_the_start_ends_by_itself) {
  place("a", "1.0.0");
  go_away();
  repository->warm();
  EXPECT_TRUE(eventually([this] { return store->count(Operation::list) > 3; }));
  EXPECT_EQ(refusal_of_index(), Refusal::unavailable);
  store->repair();
  store->forget_calls();
  EXPECT_TRUE(eventually([this] { return store->count(Operation::get) == 1; }));  // nobody asked
  EXPECT_TRUE(eventually([this] { return !refusal_of_index(); }));
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
}

TEST_F(RepositoryOutage, by_wrong_credentials_names_what_to_check_in_the_log_alone) {
  go_away({FailureKind::denied, "check the bucket's name and the credentials"});
  const auto current = run_task(repository->index());
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().kind, Refusal::storage_failed);
  EXPECT_EQ(current.error().message, "");
  EXPECT_EQ(logged("check the bucket's name and the credentials"), 1U);
  store->repair();
  EXPECT_TRUE(eventually([this] { return !refusal_of_index(); }));
}

TEST_F(RepositoryOutage, serves_the_last_index_also_where_each_request_wants_a_fresh_one) {
  settings.always_regenerate = true;
  open();
  place("a", "1.0.0");
  const IndexPointer before = index();
  go_away();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(index(), before);
  store->repair();
  place("b", "1.0.0");
  EXPECT_TRUE(eventually([this] { return listed() == Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}; }));
}

TEST_F(RepositoryOutage,
       in_the_middle_of_the_first_index_ends_the_reading_soon_and_is_made_up_for) {
  for (int i = 0; i < 2'000; ++i) place("a", "1.0." + std::to_string(i));
  store->stop_after(500);
  EXPECT_EQ(refusal_of_index(), Refusal::unavailable);
  EXPECT_LT(store->count(Operation::get), 1'000U);
  EXPECT_LT(logged("could not be read"), 30U);
  store->repair();
  EXPECT_TRUE(eventually([this] { return !refusal_of_index(); }));
  EXPECT_EQ(listed().size(), 2'000U);
}

TEST_F(RepositoryOutage, is_not_what_many_objects_that_may_not_be_read_are_taken_for) {
  for (int i = 0; i < 300; ++i) {
    place("a", "1.0." + std::to_string(i));
    store->fail_key("org/a-1.0." + std::to_string(i) + ".tgz", {FailureKind::denied, "archived"});
  }
  place("b", "1.0.0");
  EXPECT_EQ(listed(), Names{"b-1.0.0.tgz"});
  EXPECT_EQ(logged("Object could not be read"), 20U);
  EXPECT_EQ(logged("More objects could not be read"), 1U);
}

}  // namespace
}  // namespace chartmuseum::repository
