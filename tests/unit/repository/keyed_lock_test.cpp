// SPDX-License-Identifier: Apache-2.0
#include "repository/keyed_lock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

/// Coroutines that hold keys over a few turns of the loop and note when.
struct Scene {
  boost::asio::io_context context;
  KeyedLock lock{context.get_executor()};
  std::vector<std::string> events;

  Task<> hold(std::string who, std::vector<std::string> keys) {
    const KeyedLock::Guard guard = co_await lock.acquire(std::move(keys));
    events.push_back(who + " in");
    for (int turn = 0; turn < 3; ++turn) {
      co_await boost::asio::post(context, boost::asio::use_awaitable);
    }
    events.push_back(who + " out");
  }
  void start(std::string who, std::vector<std::string> keys) {
    boost::asio::co_spawn(context, hold(std::move(who), std::move(keys)), boost::asio::detached);
  }
};

TEST(KeyedLock, lets_one_hold_a_key_at_a_time_in_the_order_in_which_they_came) {
  Scene scene;
  for (const char* who : {"a", "b", "c"}) scene.start(who, {"key"});
  scene.context.run();
  EXPECT_EQ(scene.events,
            (std::vector<std::string>{"a in", "a out", "b in", "b out", "c in", "c out"}));
  EXPECT_FALSE(scene.lock.held("key"));
}

TEST(KeyedLock, lets_holders_of_other_keys_go_on) {
  Scene scene;
  scene.start("a", {"one"});
  scene.start("b", {"two"});
  scene.context.run();
  EXPECT_EQ(scene.events, (std::vector<std::string>{"a in", "b in", "a out", "b out"}));
}

TEST(KeyedLock, takes_several_keys_without_deadlock_whatever_their_order) {
  Scene scene;
  for (int i = 0; i < 20; ++i) {
    scene.start("a", {"one", "two", "one"});
    scene.start("b", {"two", "three"});
    scene.start("c", {"three", "one"});
  }
  scene.context.run();
  EXPECT_EQ(scene.events.size(), 120U);
  for (const char* key : {"one", "two", "three"}) EXPECT_FALSE(scene.lock.held(key));
}

}  // namespace
}  // namespace chartmuseum::repository
