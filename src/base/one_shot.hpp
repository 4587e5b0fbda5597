// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"

#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace chartmuseum {

/// One value that one thread sets and one coroutine, perhaps on another thread, waits for.
/// `set` may be called from any thread, before or after the wait began; the second call of
/// it changes nothing. Both sides hold it by shared pointer.
template <class T>
class OneShot {
 public:
  explicit OneShot(const boost::asio::any_io_executor& executor) : channel_(executor, 1) {}

  void set(T value) { channel_.try_send(boost::system::error_code(), std::move(value)); }

  Task<T> wait() { return channel_.async_receive(boost::asio::use_awaitable); }

 private:
  boost::asio::experimental::concurrent_channel<void(boost::system::error_code, T)> channel_;
};

}  // namespace chartmuseum
