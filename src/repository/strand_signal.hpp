// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace chartmuseum::repository {

/// What coroutines of one strand wait for: a condition variable for them. Like one, it says only
/// that something may have changed. Used on the strand alone, hence without locks.
class StrandSignal {
 public:
  using Clock = std::chrono::steady_clock;

  explicit StrandSignal(const boost::asio::any_io_executor& strand)
      : timer_(strand, Clock::time_point::max()) {}

  Task<> wait() {
    boost::system::error_code ended;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }
  void notify_all() { timer_.cancel(); }
  void notify_one() { timer_.cancel_one(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace chartmuseum::repository
