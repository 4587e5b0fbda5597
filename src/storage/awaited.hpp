// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/one_shot.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <memory>

namespace chartmuseum::storage {

/// What another thread has of a coroutine that waits: it tells it, and lets go. Until then the
/// event loop of that coroutine goes on, because the last to let go of a OneShot touches it.
template <class T>
struct Awaited {
  explicit Awaited(const boost::asio::any_io_executor& executor)
      : work(executor), reply(std::make_shared<OneShot<T>>(executor)) {}

  boost::asio::executor_work_guard<boost::asio::any_io_executor> work;  // goes last
  std::shared_ptr<OneShot<T>> reply;
};

}  // namespace chartmuseum::storage
