// SPDX-License-Identifier: Apache-2.0
// What is kept, and when the store is asked whether it is still the same.
#include "cached_store_fixture.hpp"

namespace chartmuseum::storage {
namespace {

using testing::HasSubstr;

const std::string kBytes(5 * 1000 + 7, 'a');
const Failure kOutage{FailureKind::unavailable, "no route to the bucket"};

TEST_F(CachedStoreTest, fetches_once_what_is_opened_again_and_again) {
  bucket->place("org/a", kBytes);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(open("org/a"), kBytes);
  EXPECT_EQ(fetches(), 1U);
  EXPECT_EQ(store().counts().misses, 1U);
  EXPECT_EQ(store().counts().hits, 9U);
}

TEST_F(CachedStoreTest, asks_once_a_second_whether_an_object_is_still_the_same) {
  bucket->place("a", kBytes);
  open("a");
  EXPECT_EQ(questions(), 0U) << "the fetch itself has said so";
  for (second = 1; second <= 3; ++second) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(open("a"), kBytes);
    EXPECT_EQ(questions(), static_cast<std::size_t>(second));
  }
  EXPECT_EQ(fetches(), 1U);
}

TEST_F(CachedStoreTest, asks_once_for_all_who_come_while_it_asks) {
  bucket->place("a", kBytes);
  open("a");
  ++second;
  auto hold = bucket->hold(Operation::stat, "a");
  std::vector<std::jthread> clients;
  std::atomic<int> served = 0;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back([&] {
      const auto object = run_task(store().open("a"));
      if (object && *object && read_all(**object) == kBytes) ++served;
    });
  }
  run_task(hold.reached());
  hold.release();
  clients.clear();
  EXPECT_EQ(served, 20);
  EXPECT_EQ(questions(), 1U);
  EXPECT_EQ(fetches(), 1U);
}

TEST_F(CachedStoreTest, fetches_what_somebody_else_has_replaced) {
  bucket->place("a", "old");
  EXPECT_EQ(open("a"), "old");
  bucket->place("a", "new");
  EXPECT_EQ(open("a"), "old") << "for a second";
  ++second;
  EXPECT_EQ(open("a"), "new");
  EXPECT_EQ(open("a"), "new");
  EXPECT_EQ(fetches(), 2U);
}

TEST_F(CachedStoreTest, hands_nothing_out_that_a_listing_has_shown_to_be_replaced) {
  bucket->place("org/a", "old");
  open("org/a");
  bucket->place("org/a", "new");
  EXPECT_TRUE(run_task(store().list("org")));
  EXPECT_EQ(open("org/a"), "new");
}

TEST_F(CachedStoreTest, does_not_know_an_object_that_somebody_else_has_removed) {
  bucket->place("a", kBytes);
  open("a");
  bucket->take_away("a");
  ++second;
  EXPECT_EQ(open("a"), "(absent)");
  bucket->fail_always(Operation::stat, kOutage);
  bucket->fail_always(Operation::open, kOutage);
  EXPECT_THAT(open("a"), HasSubstr("(failed:")) << "nor in an outage, as it has been dropped";
}

TEST_F(CachedStoreTest, keeps_nothing_of_what_is_absent) {
  EXPECT_EQ(open("a"), "(absent)");
  bucket->place("a", "new");
  EXPECT_EQ(open("a"), "new");
}

TEST_F(CachedStoreTest, describes_a_kept_object_as_the_store_does) {
  bucket->place("org/a", kBytes);
  open("org/a");
  for (int i = 0; i < 2; ++i, ++second) {
    const OpenObject object = opened("org/a");
    EXPECT_EQ(object.info.name, "a");
    EXPECT_EQ(object.info.etag, bucket->info("org/a")->etag);
    EXPECT_EQ(object.info.modified, bucket->info("org/a")->modified);
    EXPECT_EQ(object.info.size, kBytes.size());
  }
}

TEST_F(CachedStoreTest, serves_what_was_just_pushed_without_fetching_it) {
  put("a", kBytes);
  EXPECT_EQ(open("a"), kBytes);
  put("a", "new");
  EXPECT_EQ(open("a"), "new");
  EXPECT_EQ(fetches(), 0U);
}

TEST_F(CachedStoreTest, keeps_what_a_push_that_was_refused_did_not_change) {
  put("a", kBytes);
  EXPECT_FALSE(run_task(store().put("a", "other", PutCondition::create_only)));
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 0U);
}

TEST_F(CachedStoreTest, forgets_an_object_when_nobody_knows_whether_a_push_has_replaced_it) {
  put("a", "old");
  EXPECT_EQ(open("a"), "old");
  bucket->fail(Operation::put, kOutage, 1, MemoryStore::Effect::done);
  EXPECT_FALSE(run_task(store().put("a", "new", PutCondition::overwrite)));
  EXPECT_EQ(open("a"), "new");
}

TEST_F(CachedStoreTest, forgets_what_it_removes) {
  put("a", kBytes);
  open("a");
  EXPECT_TRUE(run_task(store().remove("a")).value());
  EXPECT_EQ(open("a"), "(absent)");
}

TEST_F(CachedStoreTest, does_not_believe_an_answer_that_a_push_has_overtaken) {
  put("a", "old");
  auto hold = bucket->hold(Operation::stat, "a");
  std::string early;
  std::jthread client([&] { early = open("a"); });
  run_task(hold.reached());
  put("a", "new");
  EXPECT_EQ(open("a"), "new") << "without waiting for the former question";
  hold.release();
  client.join();
  EXPECT_EQ(open("a"), "new");
}

TEST_F(CachedStoreTest, does_not_keep_a_fetch_that_a_push_has_overtaken) {
  bucket->place("a", kBytes);
  const OpenObject slow = opened("a");
  put("a", "new");
  EXPECT_EQ(read_all(slow), kBytes) << "what was begun is finished";
  settle();
  EXPECT_EQ(open("a"), "new");
}

TEST_F(CachedStoreTest, serves_what_is_kept_while_the_store_is_out_of_reach) {
  bucket->place("a", kBytes);
  open("a");
  for (const FailureKind kind : {FailureKind::unavailable, FailureKind::throttled}) {
    bucket->fail_always(Operation::stat, {kind, "no"});
    bucket->fail_always(Operation::open, {kind, "no"});
    for (int i = 0; i < 3; ++i, ++second) EXPECT_EQ(open("a"), kBytes);
    EXPECT_EQ(open("b"), "(failed: no)");
  }
}

TEST_F(CachedStoreTest, asks_again_when_the_store_is_back) {
  bucket->place("a", "old");
  open("a");
  bucket->fail_always(Operation::stat, kOutage);
  ++second;
  EXPECT_EQ(open("a"), "old");
  bucket->place("a", "new");
  bucket->repair();
  ++second;
  open("a");  // may still be the old one: who comes first in an outage is not kept waiting
  ++second;
  EXPECT_EQ(open("a"), "new");
}

TEST_F(CachedStoreTest, does_not_wait_for_a_store_that_does_not_answer) {
  settings.patience = std::chrono::milliseconds(1);
  bucket->place("a", kBytes);
  open("a");
  ++second;
  auto hold = bucket->hold(Operation::stat, "a");
  EXPECT_EQ(open("a"), kBytes);
  for (int i = 0; i < 3; ++i) {
    ++second;
    EXPECT_EQ(open("a"), kBytes);
  }
  hold.release();
}

TEST_F(CachedStoreTest, passes_on_that_it_may_not_read) {
  bucket->place("a", kBytes);
  open("a");
  bucket->fail_always(Operation::stat, {FailureKind::denied, "revoked"});
  ++second;
  EXPECT_EQ(open("a"), "(failed: revoked)");
}

TEST_F(CachedStoreTest, lets_go_of_what_was_not_asked_for_the_longest) {
  settings.memory = 100'000;
  const std::string bytes(20'000, 'x');
  for (const std::string key : {"a", "b", "c", "d"}) bucket->place(key, bytes);
  bucket->place("e", bytes);
  for (const std::string key : {"a", "b", "c", "d", "a", "e"}) open(key);
  EXPECT_EQ(fetches(), 5U);
  open("a");
  EXPECT_EQ(fetches(), 5U);
  open("b");
  EXPECT_EQ(fetches(), 6U);
}

TEST_F(CachedStoreTest, passes_objects_through_that_are_too_large_to_keep) {
  settings.memory = 100'000;
  bucket->place("a", std::string(50'001, 'x'));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(open("a"), std::string(50'001, 'x'));
  EXPECT_EQ(fetches(), 3U);
  EXPECT_EQ(store().counts().misses, 3U);
}

TEST_F(CachedStoreTest, passes_objects_through_while_others_take_all_memory) {
  settings.memory = 100'000;
  const std::string bytes(40'000, 'x');
  for (const std::string key : {"a", "b", "c"}) bucket->place(key, bytes);
  const OpenObject first = opened("a");
  const OpenObject second_object = opened("b");
  EXPECT_EQ(open("c"), bytes);
  EXPECT_EQ(open("c"), bytes);
  EXPECT_EQ(fetches(), 4U) << "c twice";
  EXPECT_EQ(read_all(first), bytes);
  EXPECT_EQ(read_all(second_object), bytes);
}

TEST_F(CachedStoreTest, counts_what_is_still_being_sent_although_it_is_no_longer_kept) {
  settings.memory = 100'000;
  const std::string bytes(40'000, 'x');
  put("a", bytes);
  put("b", bytes);
  const OpenObject sent_a = opened("a");
  const OpenObject sent_b = opened("b");
  EXPECT_TRUE(run_task(store().remove("a")).value());
  EXPECT_TRUE(run_task(store().remove("b")).value());
  put("c", bytes);
  open("c");
  EXPECT_EQ(fetches(), 1U) << "there was no room for it";
}

TEST_F(CachedStoreTest, passes_objects_without_etag_through) {
  bucket = std::make_shared<MemoryStore>(MemoryStore::Settings{.etags = false});
  bucket->place("a", "1");
  EXPECT_EQ(open("a"), "1");
  bucket->place("a", "2");
  EXPECT_EQ(open("a"), "2");
}

TEST_F(CachedStoreTest, is_left_out_where_it_may_keep_nothing) {
  settings.memory = 0;
  EXPECT_EQ(make_cached_store(settings, bucket, workers, log), bucket);
  settings.folder = folder.path();
  settings.folder_size = 0;
  EXPECT_EQ(make_cached_store(settings, bucket, workers, log), bucket);
}

TEST_F(CachedStoreTest, passes_urls_and_digests_through) {
  bucket = std::make_shared<MemoryStore>(
      MemoryStore::Settings{.digests = true, .reads_at_once = 64, .url_base = "https://bucket/"});
  EXPECT_EQ(run_task(store().download_url("a", std::chrono::seconds(300))).value(),
            "https://bucket/a?valid=300&signature=secret");
  EXPECT_TRUE(store().knows_digests());
  EXPECT_EQ(store().reads_at_once(), 64U);
}

}  // namespace
}  // namespace chartmuseum::storage
