// SPDX-License-Identifier: Apache-2.0
#include "telemetry/request_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::telemetry {
namespace {

TEST(RequestId, is_a_random_uuid_of_version_4) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(make_request_id(), testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-"
                                                         "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(RequestId, is_never_given_twice_on_any_thread) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kIds = 5000;
  std::vector<std::vector<std::string>> ids(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::vector<std::string>& own : ids) {
    threads.emplace_back([&own] {
      for (std::size_t i = 0; i < kIds; ++i) own.push_back(make_request_id());
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::set<std::string> distinct;
  for (const std::vector<std::string>& own : ids) distinct.insert(own.begin(), own.end());
  EXPECT_EQ(distinct.size(), kThreads * kIds);
}

}  // namespace
}  // namespace chartmuseum::telemetry
