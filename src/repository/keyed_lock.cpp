// SPDX-License-Identifier: Apache-2.0
#include "repository/keyed_lock.hpp"

#include <algorithm>

namespace chartmuseum::repository {

struct KeyedLock::State {
  struct Waiter {
    explicit Waiter(const boost::asio::any_io_executor& executor) : signal(executor) {}
    StrandSignal signal;
    bool granted = false;
  };

  explicit State(boost::asio::any_io_executor executor) : strand(std::move(executor)) {}

  void release(const std::string& key) {
    const auto found = held.find(key);
    if (found->second.empty()) {
      held.erase(found);
      return;
    }
    // Handed over, so that nobody can come in between.
    const std::shared_ptr<Waiter> next = std::move(found->second.front());
    found->second.pop_front();
    next->granted = true;
    next->signal.notify();
  }

  boost::asio::any_io_executor strand;
  std::map<std::string, std::deque<std::shared_ptr<Waiter>>, std::less<>> held;
};

KeyedLock::KeyedLock(boost::asio::any_io_executor strand)
    : state_(std::make_shared<State>(std::move(strand))) {}

KeyedLock::Guard::~Guard() {
  for (const std::string& key : keys_) state_->release(key);
}

bool KeyedLock::held(std::string_view key) const {
  return state_->held.contains(key);
}

Task<KeyedLock::Guard> KeyedLock::acquire(std::vector<std::string> keys) {
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());

  Guard guard;
  guard.state_ = state_;
  for (std::string& key : keys) {
    const auto [held, free] = state_->held.try_emplace(key);
    if (!free) {
      const auto waiter = std::make_shared<State::Waiter>(state_->strand);
      held->second.push_back(waiter);
      while (!waiter->granted) co_await waiter->signal.wait();
    }
    guard.keys_.push_back(std::move(key));
  }
  co_return guard;
}

}  // namespace chartmuseum::repository
