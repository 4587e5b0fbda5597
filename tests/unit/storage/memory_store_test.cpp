// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_store.hpp"

#include "conformance/run_task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace chartmuseum::storage {
namespace {

using testing::ElementsAre;

const Failure kOutage{FailureKind::unavailable, "outage"};

bool puts(MemoryStore& store, const std::string& key, const std::string& bytes = "x") {
  return run_task(store.put(key, bytes, PutCondition::create_only)).has_value();
}

TEST(MemoryStore, shows_what_is_stored_and_what_was_asked) {
  MemoryStore store;
  puts(store, "org/a", "bytes");
  run_task(store.get("org/b", 100));
  EXPECT_THAT(store.keys(), ElementsAre("org/a"));
  EXPECT_EQ(store.bytes("org/a"), "bytes");
  EXPECT_EQ(store.info("org/a")->size, 5U);
  EXPECT_FALSE(store.bytes("org/b"));
  EXPECT_THAT(store.calls(), ElementsAre(MemoryStore::Call{Operation::put, "org/a"},
                                         MemoryStore::Call{Operation::get, "org/b"}));
  EXPECT_EQ(store.count(Operation::get), 1U);
  store.forget_calls();
  EXPECT_EQ(store.count(Operation::get), 0U);
}

TEST(MemoryStore, takes_its_time_from_the_given_clock) {
  const Timestamp time(std::chrono::seconds(42));
  MemoryStore store(
      {.etags = true, .watchable = true, .stamps = true, .clock = [=] { return time; }});
  puts(store, "a");
  EXPECT_EQ(store.info("a")->modified, time);
}

TEST(MemoryStore, fails_the_nth_call_once) {
  MemoryStore store;
  store.fail(Operation::put, kOutage, 2);
  EXPECT_TRUE(puts(store, "a"));
  EXPECT_FALSE(puts(store, "b"));
  EXPECT_TRUE(puts(store, "b"));
  EXPECT_THAT(store.keys(), ElementsAre("a", "b"));
}

TEST(MemoryStore, does_what_it_says_it_could_not) {
  MemoryStore store;
  store.fail(Operation::put, kOutage, 1, MemoryStore::Effect::done);
  EXPECT_FALSE(puts(store, "a"));
  EXPECT_THAT(store.keys(), ElementsAre("a"));
  store.fail(Operation::remove, kOutage, 1, MemoryStore::Effect::done);
  EXPECT_FALSE(run_task(store.remove("a")));
  EXPECT_THAT(store.keys(), ElementsAre());
}

TEST(MemoryStore, fails_until_it_is_repaired) {
  MemoryStore store;
  store.place("a", "x");
  store.fail_always(Operation::list, kOutage);
  store.fail_key("a", {FailureKind::denied, "no"});
  EXPECT_FALSE(run_task(store.list("")));
  EXPECT_FALSE(run_task(store.list("")));
  EXPECT_EQ(run_task(store.get("a", 10)).error().kind, FailureKind::denied);
  store.repair();
  EXPECT_TRUE(run_task(store.list("")));
  EXPECT_TRUE(run_task(store.get("a", 10)));
}

TEST(MemoryStore, stops_after_a_number_of_calls_as_if_the_process_had_died) {
  MemoryStore store;
  store.stop_after(1);
  EXPECT_TRUE(puts(store, "a"));
  EXPECT_FALSE(puts(store, "b"));
  EXPECT_FALSE(run_task(store.remove("a")));
  EXPECT_THAT(store.keys(), ElementsAre("a"));
}

TEST(MemoryStore, breaks_streams_where_told) {
  MemoryStore store;
  store.place("a", "1234567890");
  store.open_as_streams(4, 6);
  auto opened = run_task(store.open("a"));
  ASSERT_TRUE(opened && *opened);
  const auto stream = std::get<std::shared_ptr<ObjectStream>>((*opened)->content);
  EXPECT_EQ(run_task(stream->next()), "1234");
  EXPECT_EQ(run_task(stream->next()), "56");
  EXPECT_FALSE(run_task(stream->next()));
}

Task<> interleave(MemoryStore& store, std::vector<std::string>& order) {
  MemoryStore::Hold hold = store.hold(Operation::put, "a");
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::co_spawn(
      executor,
      [](MemoryStore& held, std::vector<std::string>& log) -> Task<> {
        co_await held.put("a", "x", PutCondition::create_only);
        log.push_back("stored");
      }(store, order),
      boost::asio::detached);
  co_await hold.reached();
  order.push_back("reached");
  EXPECT_TRUE(store.keys().empty());
  hold.release();
}

TEST(MemoryStore, holds_up_a_call_until_it_is_released) {
  MemoryStore store;
  std::vector<std::string> order;
  run_task(interleave(store, order));
  EXPECT_THAT(order, ElementsAre("reached", "stored"));
  EXPECT_THAT(store.keys(), ElementsAre("a"));
}

TEST(MemoryStore, tells_of_what_others_do) {
  MemoryStore store;
  std::vector<std::string> told;
  const auto watch = store.watch("org", [&](const FolderChange& change) {
    told.insert(told.end(), change.names.begin(), change.names.end());
    if (change.everything) told.emplace_back("(everything)");
  });
  store.place("org/a", "x");
  store.place("other/b", "x");
  store.take_away("org/a");
  store.overflow();
  EXPECT_THAT(told, ElementsAre("a", "a", "(everything)"));
}

TEST(MemoryStore, is_not_up_to_date_while_changes_are_held) {
  MemoryStore store;
  std::vector<std::string> told;
  const auto watch = store.watch("", [&](const FolderChange& change) {
    told.insert(told.end(), change.names.begin(), change.names.end());
  });
  store.hold_changes();
  EXPECT_TRUE(watch->up_to_date());
  store.place("a", "x");
  EXPECT_FALSE(watch->up_to_date());
  EXPECT_TRUE(told.empty());
  store.tell_changes();
  EXPECT_TRUE(watch->up_to_date());
  EXPECT_THAT(told, ElementsAre("a"));
}

TEST(MemoryStore, loses_watches_for_good) {
  MemoryStore store;
  bool everything = false;
  const auto watch =
      store.watch("", [&](const FolderChange& change) { everything = change.everything; });
  EXPECT_EQ(store.watches(), 1U);
  store.lose_watches();
  EXPECT_TRUE(everything);
  EXPECT_FALSE(watch->alive());
  EXPECT_FALSE(watch->up_to_date());
}

TEST(MemoryStore, counts_how_many_calls_are_under_way_at_once) {
  MemoryStore store;
  boost::asio::io_context context;
  auto hold = store.hold(Operation::get);
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(context, store.get("a", 10), boost::asio::detached);
    context.poll();
    context.restart();
  }
  EXPECT_EQ(store.most_at_once(Operation::get), 2U);  // the first, and one beside it at a time
  EXPECT_EQ(store.most_at_once(Operation::list), 0U);
  hold.release();
  context.run();
  store.forget_calls();
  EXPECT_EQ(store.most_at_once(Operation::get), 0U);
}

TEST(MemoryStore, cuts_the_times_of_listings_to_the_ticks_of_its_clock) {
  MemoryStore store({.clock_tick = std::chrono::seconds(1)});
  store.place("a", "x", Timestamp(std::chrono::milliseconds(42'500)));
  const auto listed = run_task(store.list(""));
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->front().modified, Timestamp(std::chrono::seconds(42)));
  EXPECT_EQ(store.info("a")->modified, Timestamp(std::chrono::milliseconds(42'500)));
}

}  // namespace
}  // namespace chartmuseum::storage
