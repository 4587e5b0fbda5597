// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::storage {
namespace {

constexpr int kWriters = 16;

TEST_P(StoreConformance, lets_exactly_one_of_many_creators_win) {
  if (!traits().atomic_create_only) GTEST_SKIP() << "create-only is not atomic here";
  for (int round = 0; round < 10; ++round) {
    const std::string key = "org/" + std::to_string(round);
    std::vector<Result<ObjectInfo>> outcomes(kWriters, ObjectInfo{});
    std::latch start(kWriters);
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&, writer] {
        start.arrive_and_wait();
        outcomes[static_cast<std::size_t>(writer)] = try_put(key, std::to_string(writer));
      });
    }
    writers.clear();
    int winners = 0;
    for (int writer = 0; writer < kWriters; ++writer) {
      const auto& outcome = outcomes[static_cast<std::size_t>(writer)];
      if (outcome) {
        ++winners;
        EXPECT_EQ(get(key), std::to_string(writer));
      } else {
        EXPECT_EQ(outcome.error().kind, FailureKind::conflict) << outcome.error().detail;
      }
    }
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(StoreConformance, stores_what_many_writers_store_at_once) {
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      for (int i = 0; i < 10; ++i) {
        const std::string name = std::to_string(writer) + "-" + std::to_string(i);
        EXPECT_TRUE(try_put("org/team" + std::to_string(i) + "/" + name, name));
      }
    });
  }
  writers.clear();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(list("org/team" + std::to_string(i)).size(), static_cast<std::size_t>(kWriters));
  }
}

TEST_P(StoreConformance, shows_readers_the_old_or_the_new_object_but_never_a_mixture) {
  if (!traits().replaces_whole) GTEST_SKIP() << "objects are replaced in place here";
  const std::string letters = "abcdefgh";
  const std::size_t size = 100'000;  // more than one write or packet
  put("org/a", std::string(size, letters[0]));
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&, reader] {
      while (!done) {
        const std::string bytes = reader % 2 == 0 ? get("org/a") : open("org/a");
        ASSERT_EQ(bytes.size(), size) << bytes.substr(0, 100);
        ASSERT_EQ(bytes.find_first_not_of(bytes[0]), std::string::npos);
        ASSERT_EQ(names("org").size(), 1U);
      }
    });
  }
  for (int round = 0; round < 50; ++round) {
    put("org/a", std::string(size, letters[static_cast<std::size_t>(round) % letters.size()]),
        PutCondition::overwrite);
  }
  done = true;
}

TEST_P(StoreConformance, keeps_an_opened_object_readable_while_it_is_replaced_or_removed) {
  const std::string old_bytes(1 << 20, 'o');
  put("a", old_bytes);
  auto opened = run_task(store().open("a"));
  ASSERT_TRUE(opened && *opened);
  put("a", "new", PutCondition::overwrite);
  EXPECT_TRUE(remove("a"));
  // A stream of a remote store may fail instead; what it must not do is to mix.
  if (auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&(*opened)->content)) {
    EXPECT_TRUE(**bytes == old_bytes);
  }
}

TEST_P(StoreConformance, lets_exactly_one_of_many_removers_win) {
  if (!traits().one_remover) GTEST_SKIP() << "removers are not told apart here";
  put("a", "x");
  std::atomic<int> winners = 0;
  std::vector<std::jthread> removers;
  for (int i = 0; i < kWriters; ++i) {
    removers.emplace_back([&] {
      if (remove("a")) ++winners;
    });
  }
  removers.clear();
  EXPECT_EQ(winners, 1);
}

}  // namespace
}  // namespace chartmuseum::storage
