// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <list>
#include <utility>

namespace chartmuseum::repository {

/// What coroutines of one strand wait for: a condition variable for them. Like one, it says only
/// that something may have changed. Used on the strand alone, hence without locks. Must outlive
/// those that wait.
class StrandSignal {
 public:
  using Clock = std::chrono::steady_clock;

  explicit StrandSignal(boost::asio::any_io_executor strand) : strand_(std::move(strand)) {}

  /// Waits for a notification, but no longer than until `deadline`.
  Task<> wait(Clock::time_point deadline = Clock::time_point::max()) {
    Waiter waiter(waiting_, strand_, deadline);
    boost::system::error_code ended;
    co_await waiter.timer->async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }

  /// Wakes all that wait now, in the order in which they came.
  void notify() {
    for (boost::asio::steady_timer& timer : waiting_) timer.cancel();
  }

 private:
  using Timers = std::list<boost::asio::steady_timer>;

  /// Takes a timer back also where the wait ends with an exception: when it is cancelled.
  struct Waiter {
    Waiter(Timers& all, const boost::asio::any_io_executor& strand, Clock::time_point deadline)
        : timers(all), timer(all.emplace(all.end(), strand, deadline)) {}
    ~Waiter() { timers.erase(timer); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    Timers& timers;
    Timers::iterator timer;
  };

  boost::asio::any_io_executor strand_;
  Timers waiting_;
};

}  // namespace chartmuseum::repository
