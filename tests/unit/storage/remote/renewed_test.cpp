// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/renewed.hpp"

#include "conformance/run_task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::storage {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

/// Credentials that last an hour, and the clock by which they do.
class RenewedTest : public testing::Test {
 protected:
  std::string get() {
    const Result<std::string> value = run_task(renewed_.get());
    return value ? *value : "failed: " + value.error().detail;
  }

  Clock::time_point now_{std::chrono::hours(1'000)};
  int fetched_ = 0;
  std::optional<Failure> failure_;
  Renewed<std::string> renewed_{[this] { return fetch(); }, 5min, [this] { return now_; }};

 private:
  Task<Result<Expiring<std::string>>> fetch() {
    ++fetched_;
    if (failure_) co_return std::unexpected(*failure_);
    co_return Expiring<std::string>{"value " + std::to_string(fetched_), now_ + 1h};
  }
};

TEST_F(RenewedTest, is_fetched_once_while_it_is_good) {
  EXPECT_EQ(get(), "value 1");
  now_ += 54min;
  EXPECT_EQ(get(), "value 1");
}

TEST_F(RenewedTest, is_fetched_anew_some_time_before_its_end) {
  EXPECT_EQ(get(), "value 1");
  now_ += 56min;
  EXPECT_EQ(get(), "value 2");
}

TEST_F(RenewedTest, is_fetched_anew_when_it_was_refused) {
  EXPECT_EQ(get(), "value 1");
  renewed_.forget();
  EXPECT_EQ(get(), "value 2");
}

TEST_F(RenewedTest, goes_on_with_what_is_good_while_it_cannot_be_renewed) {
  EXPECT_EQ(get(), "value 1");
  failure_ = Failure{FailureKind::unavailable, "gone"};
  now_ += 56min;
  EXPECT_EQ(get(), "value 1");
  EXPECT_EQ(get(), "value 1");
  EXPECT_EQ(fetched_, 2);  // not at each call
  now_ += 1min;
  failure_.reset();
  EXPECT_EQ(get(), "value 3");
}

TEST_F(RenewedTest, fails_once_nothing_is_good_any_more) {
  EXPECT_EQ(get(), "value 1");
  failure_ = Failure{FailureKind::denied, "no role"};
  now_ += 2h;
  EXPECT_EQ(get(), "failed: no role");
  failure_.reset();
  EXPECT_EQ(get(), "value 3");
}

/// A fetch that lasts until the test ends it.
class SlowlyRenewed : public testing::Test {
 protected:
  void ask() {
    boost::asio::co_spawn(context_, keep(), boost::asio::detached);
    context_.restart();
    context_.poll();
  }
  void ask_until_cancelled() {
    boost::asio::co_spawn(
        context_, keep(),
        boost::asio::bind_cancellation_slot(cancellation_.slot(), boost::asio::detached));
    context_.poll();
  }
  void end_fetch() {
    fetching_.cancel();
    context_.restart();
    context_.poll();
  }

  boost::asio::io_context context_;
  boost::asio::cancellation_signal cancellation_;
  boost::asio::steady_timer fetching_{context_};
  int fetched_ = 0;
  std::optional<Failure> failure_;
  std::vector<std::string> answers_;
  Renewed<std::string> renewed_{[this] { return fetch(); }};

 private:
  Task<> keep() {
    Task<Result<std::string>> getting = renewed_.get();
    auto value = co_await std::move(getting);
    answers_.push_back(value ? *value : value.error().detail);
  }
  Task<Result<Expiring<std::string>>> fetch() {
    const int number = ++fetched_;
    fetching_.expires_after(1h);
    boost::system::error_code ended;
    co_await fetching_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
      co_return std::unexpected(Failure{FailureKind::unavailable, "cancelled"});
    }
    if (failure_) co_return std::unexpected(*failure_);
    co_return Expiring<std::string>{"value " + std::to_string(number)};
  }
};

TEST_F(SlowlyRenewed, is_fetched_once_for_all_who_wait) {
  ask();
  ask();
  ask();
  EXPECT_TRUE(answers_.empty());
  end_fetch();
  EXPECT_EQ(answers_, std::vector<std::string>(3, "value 1"));
  EXPECT_EQ(fetched_, 1);
}

TEST_F(SlowlyRenewed, fails_for_all_who_wait) {
  failure_ = Failure{FailureKind::unavailable, "gone"};
  ask();
  ask();
  end_fetch();
  EXPECT_EQ(answers_, std::vector<std::string>(2, "gone"));
  EXPECT_EQ(fetched_, 1);
}

TEST_F(SlowlyRenewed, is_fetched_by_another_if_the_one_who_fetches_goes_away) {
  ask_until_cancelled();
  ask();
  EXPECT_EQ(fetched_, 1);
  cancellation_.emit(boost::asio::cancellation_type::terminal);
  context_.restart();
  context_.poll();
  EXPECT_EQ(fetched_, 2);
  end_fetch();
  EXPECT_EQ(answers_.back(), "value 2");
}

}  // namespace
}  // namespace chartmuseum::storage
