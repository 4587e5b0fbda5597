// SPDX-License-Identifier: Apache-2.0
#include "auth/token_cache.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::seconds;

constexpr Timestamp kNow{seconds(1'700'000'000)};

Digest token(int number) {
  return Digest::of(std::to_string(number));
}

TokenCache::Verified verified(const std::string& subject, std::size_t size = 100,
                              Timestamp until = kNow + seconds(10)) {
  return {Claims::parse(R"({"sub":")" + subject + "\"}").value(), until, 1, size};
}

TEST(TokenCache, knows_a_token_until_its_time_is_over) {
  TokenCache cache(1 << 20);
  cache.insert(token(1), verified("jane"));
  EXPECT_EQ(cache.find(token(1), 1, kNow)->subject(), "jane");
  EXPECT_FALSE(cache.find(token(2), 1, kNow));
  EXPECT_TRUE(cache.find(token(1), 1, kNow + seconds(9)));
  EXPECT_FALSE(cache.find(token(1), 1, kNow + seconds(10)));
  EXPECT_FALSE(cache.find(token(1), 1, kNow)) << "what is over is forgotten";
}

TEST(TokenCache, forgets_tokens_that_were_verified_with_other_keys) {
  TokenCache cache(1 << 20);
  cache.insert(token(1), verified("jane"));
  EXPECT_FALSE(cache.find(token(1), 2, kNow));
  EXPECT_FALSE(cache.find(token(1), 1, kNow));
}

TEST(TokenCache, has_the_last_claims_of_a_token_that_comes_again) {
  TokenCache cache(1 << 20);
  cache.insert(token(1), verified("jane"));
  cache.insert(token(1), verified("jack"));
  EXPECT_EQ(cache.find(token(1), 1, kNow)->subject(), "jack");
}

TEST(TokenCache, is_bounded) {
  TokenCache cache(16'000);  // a thousand bytes for each sixteenth
  std::size_t known = 0;
  for (int i = 0; i < 10'000; ++i) cache.insert(token(i), verified("x"));
  for (int i = 0; i < 10'000; ++i) known += cache.find(token(i), 1, kNow) ? 1U : 0U;
  EXPECT_EQ(known, 160U);
  cache.insert(token(-1), verified("x", 1001));
  EXPECT_FALSE(cache.find(token(-1), 1, kNow));
}

TEST(TokenCache, keeps_what_is_used) {
  TokenCache cache(16'000);
  cache.insert(token(-1), verified("used"));
  for (int i = 0; i < 1'000; ++i) {
    cache.insert(token(i), verified("x"));
    ASSERT_TRUE(cache.find(token(-1), 1, kNow)) << i;
  }
}

TEST(TokenCache, serves_many_threads) {
  TokenCache cache(16'000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 5'000; ++i) {
        const int number = (i * (t + 1)) % 300;
        if (const auto claims = cache.find(token(number), i % 100 == 0 ? 2 : 1, kNow)) {
          ASSERT_EQ(claims->subject(), std::to_string(number));
        } else {
          cache.insert(token(number), verified(std::to_string(number)));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace chartmuseum::auth
