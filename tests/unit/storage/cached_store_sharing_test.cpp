// SPDX-License-Identifier: Apache-2.0
// One fetch for many readers.
#include "cached_store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace chartmuseum::storage {
namespace {

using testing::StartsWith;

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 251);
  return bytes;
}

const std::string kBytes = some_bytes(300'123);

/// The same in memory, and, for objects that are too large for it, through a file.
class CachedStoreSharing : public CachedStoreTest, public testing::WithParamInterface<bool> {
 protected:
  CachedStoreSharing() {
    if (!GetParam()) return;
    settings.memory = 1000;
    settings.folder = folder.path() / "cache";
  }

  static Result<std::string> next(const OpenObject& object) {
    return run_task(std::get<std::shared_ptr<ObjectStream>>(object.content)->next());
  }
};

INSTANTIATE_TEST_SUITE_P(Everywhere, CachedStoreSharing, testing::Bool(), [](const auto& test) {
  return test.param ? "through_a_file" : "in_memory";
});

TEST_P(CachedStoreSharing, serves_a_thousand_clients_with_one_fetch) {
  bucket->place("a", kBytes);
  auto hold = bucket->hold(Operation::open, "a");
  constexpr int kThreads = 4;
  constexpr int kClients = 250;  // on each
  std::atomic<int> asked = 0;
  std::atomic<int> served = 0;
  const auto client = [&]() -> Task<> {
    ++asked;
    Task<Result<std::optional<OpenObject>>> opening = store().open("a");
    const auto object = co_await std::move(opening);
    if (!object || !*object) co_return;
    std::string all;
    const auto* stream = std::get_if<std::shared_ptr<ObjectStream>>(&(*object)->content);
    while (stream != nullptr) {
      Task<Result<std::string>> reading = (*stream)->next();
      const auto piece = co_await std::move(reading);
      if (!piece) co_return;
      if (piece->empty()) break;
      all += *piece;
    }
    if (all == kBytes) ++served;
  };
  store();
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      boost::asio::io_context context;
      for (int j = 0; j < kClients; ++j) {
        boost::asio::co_spawn(context, client(), [](const std::exception_ptr&) {});
      }
      context.run();
    });
  }
  wait_until([&] { return asked == kThreads * kClients; });
  run_task(hold.reached());
  hold.release();
  threads.clear();
  EXPECT_EQ(served, kThreads * kClients);
  EXPECT_EQ(fetches(), 1U);
  EXPECT_EQ(store().counts().misses, 1U);
  settle();
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 1U) << "it is kept";
}

TEST_P(CachedStoreSharing, lets_those_who_come_later_begin_at_the_beginning) {
  bucket->place("a", kBytes);
  const OpenObject early = opened("a");
  std::string begin = next(early).value();
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(begin + read_all(early), kBytes);
  EXPECT_EQ(fetches(), 1U);
}

TEST_P(CachedStoreSharing, hands_bytes_on_before_the_last_have_come) {
  bucket->place("a", kBytes);
  bucket->open_as_streams(1000, 5000);  // it breaks there
  const OpenObject object = opened("a");
  const auto piece = next(object);
  ASSERT_TRUE(piece);
  EXPECT_THAT(kBytes, StartsWith(*piece));
}

TEST_P(CachedStoreSharing, does_not_let_a_slow_reader_hold_up_the_others) {
  bucket->place("a", kBytes);
  const OpenObject slow = opened("a");
  const OpenObject fast = opened("a");
  EXPECT_TRUE(next(slow));
  EXPECT_EQ(read_all(fast), kBytes);
}

TEST_P(CachedStoreSharing, goes_on_for_the_others_when_a_reader_goes_away) {
  bucket->place("a", kBytes);
  std::optional<OpenObject> first = opened("a");
  const OpenObject second_reader = opened("a");
  EXPECT_TRUE(next(*first));
  first.reset();
  EXPECT_EQ(read_all(second_reader), kBytes);
  EXPECT_EQ(fetches(), 1U);
}

TEST_P(CachedStoreSharing, begins_anew_after_all_readers_have_gone) {
  bucket->place("a", kBytes);
  {
    const OpenObject unread = opened("a");
    EXPECT_EQ(unread.info.size, kBytes.size());
  }
  {
    EXPECT_TRUE(next(opened("a")));
  }
  settle();
  EXPECT_EQ(open("a"), kBytes);
}

TEST_P(CachedStoreSharing, fails_for_all_readers_when_the_fetch_breaks_and_keeps_nothing) {
  bucket->place("a", kBytes);
  bucket->open_as_streams(1000, 200'000);
  const OpenObject one = opened("a");
  const OpenObject other = opened("a");
  EXPECT_EQ(read_all(one), "(broken: the stream broke)");
  EXPECT_EQ(read_all(other), "(broken: the stream broke)");
  bucket->open_as_streams(1000);
  EXPECT_EQ(open("a"), kBytes);
}

/// Says another size than it has.
class LyingStore : public ObjectStore {
 public:
  LyingStore(std::shared_ptr<MemoryStore> inner, int difference)
      : inner_(std::move(inner)), difference_(difference) {}
  Task<Result<std::optional<OpenObject>>> open(std::string key) override {
    Task<Result<std::optional<OpenObject>>> opening = inner_->open(std::move(key));
    auto object = co_await std::move(opening);
    (*object)->info.size += static_cast<std::uint64_t>(difference_);
    co_return object;
  }
  Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) override {
    return inner_->get(std::move(key), limit);
  }
  Task<Result<std::optional<ObjectInfo>>> stat(std::string key) override {
    return inner_->stat(std::move(key));
  }
  Task<Result<ObjectInfo>> put(std::string key, Content content, PutCondition condition) override {
    return inner_->put(std::move(key), std::move(content), condition);
  }
  Task<Result<bool>> remove(std::string key) override { return inner_->remove(std::move(key)); }
  Task<Result<std::vector<ObjectInfo>>> list(std::string listed) override {
    return inner_->list(std::move(listed));
  }

 private:
  std::shared_ptr<MemoryStore> inner_;
  int difference_;
};

TEST_P(CachedStoreSharing, never_passes_a_body_off_as_whole_that_has_another_size) {
  bucket->place("a", kBytes);
  for (const int difference : {-1000, -1, 1, 1000}) {
    settings.folder = GetParam() ? folder.path() / std::to_string(difference) : "";
    CachedStore cached(settings, std::make_shared<LyingStore>(bucket, difference), workers, log);
    for (int i = 0; i < 2; ++i) {
      const auto object = run_task(cached.open("a"));
      ASSERT_TRUE(object && *object);
      EXPECT_THAT(read_all(**object), StartsWith("(broken: ")) << difference;
      settle();
    }
  }
}

TEST_P(CachedStoreSharing, shares_what_is_under_way_while_the_store_is_out_of_reach) {
  bucket->place("a", kBytes);
  const OpenObject first = opened("a");
  bucket->fail_always(Operation::stat, {FailureKind::unavailable, "no"});
  ++second;
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 1U);
  EXPECT_EQ(read_all(first), kBytes);
}

}  // namespace
}  // namespace chartmuseum::storage
