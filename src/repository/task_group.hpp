// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/strand_signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <utility>

namespace chartmuseum::repository {

/// Runs tasks on a strand, a bounded number and weight of them at a time, and waits for them all.
/// For the coroutines of that strand. finish() must have returned before what the tasks refer to
/// goes.
class TaskGroup {
 public:
  using Weight = std::uint64_t;

  TaskGroup(const boost::asio::any_io_executor& strand, std::size_t limit,
            Weight weight_limit = std::numeric_limits<Weight>::max())
      : state_(std::make_shared<State>(strand)),
        strand_(strand),
        limit_(limit),
        weight_limit_(weight_limit) {}

  /// Starts `task`, as soon as there is room; one that is too heavy by itself runs alone.
  Task<> start(Task<> task, Weight weight = 0) {
    weight = std::min(weight, weight_limit_);
    while (state_->running >= limit_ || state_->weight > weight_limit_ - weight) {
      co_await state_->changed.wait();
    }
    ++state_->running;
    state_->weight += weight;
    boost::asio::co_spawn(strand_, std::move(task),
                          [state = state_, weight](const std::exception_ptr& thrown) {
                            --state->running;
                            state->weight -= weight;
                            if (thrown && !state->thrown) state->thrown = thrown;
                            state->changed.notify();
                          });
  }

  /// Waits until none runs; throws what the first one threw that did.
  Task<> finish() {
    while (state_->running > 0) co_await state_->changed.wait();
    if (state_->thrown) std::rethrow_exception(std::exchange(state_->thrown, nullptr));
  }

 private:
  struct State {
    explicit State(const boost::asio::any_io_executor& strand) : changed(strand) {}
    StrandSignal changed;
    std::size_t running = 0;
    Weight weight = 0;
    std::exception_ptr thrown;
  };

  std::shared_ptr<State> state_;
  boost::asio::any_io_executor strand_;
  std::size_t limit_;
  Weight weight_limit_;
};

}  // namespace chartmuseum::repository
