// SPDX-License-Identifier: Apache-2.0
#include "base/memory_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace chartmuseum {
namespace {

TEST(MemoryBudget, is_never_overdrawn) {
  MemoryBudget budget(100);
  EXPECT_TRUE(budget.take(60));
  EXPECT_FALSE(budget.take(41));
  EXPECT_TRUE(budget.take(40));
  EXPECT_FALSE(budget.take(1));
  EXPECT_TRUE(budget.take(0));
  budget.give_back(50);
  EXPECT_EQ(budget.left(), 50U);
}

TEST(MemoryShare, is_given_back_when_it_goes) {
  const auto budget = std::make_shared<MemoryBudget>(100);
  {
    MemoryShare share(budget);
    EXPECT_TRUE(share.grow(30));
    EXPECT_TRUE(share.grow(30));
    EXPECT_FALSE(share.grow(41));
    EXPECT_EQ(budget->left(), 40U);
  }
  EXPECT_EQ(budget->left(), 100U);
}

TEST(MemoryShare, of_many_threads_add_up) {
  const auto budget = std::make_shared<MemoryBudget>(1000);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10'000; ++round) {
        MemoryShare share(budget);
        if (share.grow(400)) static_cast<void>(share.grow(100));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(budget->left(), 1000U);
}

}  // namespace
}  // namespace chartmuseum
