// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace chartmuseum {

/// The bounded set of threads on which blocking work (files, archives, rendering) is done, so
/// that it never holds up a thread that serves sockets. Its queue is bounded by its callers:
/// a connection has at most one request in flight, and the number of connections is limited.
/// Thread-safe. Must outlive every task that runs on it.
class WorkerPool {
 public:
  using Executor = boost::asio::thread_pool::executor_type;

  explicit WorkerPool(std::size_t threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] std::size_t threads() const { return threads_; }

  /// For co_spawn and post of work that no caller waits for.
  [[nodiscard]] Executor executor() { return pool_.get_executor(); }

  /// Calls `work` on a worker and resumes the caller on its own executor with the result; an
  /// exception passes through. On a worker already, calls it at once.
  template <class Work>
  Task<std::invoke_result_t<Work&>> run(Work work) {
    if (pool_.get_executor().running_in_this_thread()) co_return work();
    // What was begun is waited for, so a cancellation of the caller must not reach the worker: it
    // would be sent there through a signal that is gone when the work ends first.
    co_return co_await boost::asio::co_spawn(
        pool_, [&work]() -> Task<std::invoke_result_t<Work&>> { co_return work(); },
        boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(),
                                            boost::asio::use_awaitable));
  }

  /// Waits for what was started and lets nothing new start.
  void join();

 private:
  std::size_t threads_;
  boost::asio::thread_pool pool_;
};

}  // namespace chartmuseum
