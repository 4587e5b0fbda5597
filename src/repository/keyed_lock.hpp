// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/strand_signal.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

/// A lock for every text, first come, first served, for the coroutines of one strand: changes to
/// one object happen one after the other, changes to others at the same time. Costs memory only
/// for keys that are held.
class KeyedLock {
  struct State;

 public:
  /// Holds keys until it is destroyed, which must happen on the strand.
  class Guard {
   public:
    Guard() = default;
    Guard(Guard&& other) noexcept = default;
    Guard& operator=(Guard&& other) = delete;
    ~Guard();

   private:
    friend KeyedLock;
    std::shared_ptr<State> state_;
    std::vector<std::string> keys_;
  };

  explicit KeyedLock(boost::asio::any_io_executor strand);

  /// Waits for all `keys`. Whoever holds a guard must not ask for another: keys are taken in
  /// order, so that no two can wait for each other.
  Task<Guard> acquire(std::vector<std::string> keys);

  [[nodiscard]] bool held(std::string_view key) const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace chartmuseum::repository
