// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace chartmuseum {

/// Runs a task to its end, on this thread and an io_context of its own; for tests.
inline void run_task(Task<> task) {
  boost::asio::io_context context;
  std::exception_ptr failure;
  bool ended = false;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown) {
    failure = thrown;
    ended = true;
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  if (!ended) throw std::logic_error("the task never ended");
}

/// Keeps co_spawn(), slow to compile, to one instance for tasks of all types.
template <class T>
Task<> keep_result(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}

template <class T>
T run_task(Task<T> task) {
  std::optional<T> result;
  run_task(keep_result(std::move(task), result));
  return std::move(*result);
}

}  // namespace chartmuseum
