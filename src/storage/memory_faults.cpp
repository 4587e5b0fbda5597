// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_faults.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace chartmuseum::storage {

MemoryFaults::Verdict MemoryFaults::begin(Operation operation, const std::string& key) {
  const std::lock_guard lock(mutex_);
  calls_.push_back({operation, key});
  most_at_once_[operation] = std::max(most_at_once_[operation], ++under_way_[operation]);
  Verdict verdict;
  if (const auto delay = delays_.find(operation); delay != delays_.end()) {
    verdict.delay = delay->second;
  }
  verdict.hold = take_hold(operation, key, false);

  if (calls_left_ && *calls_left_ == 0) {
    verdict.failure = Failure{FailureKind::unavailable, "stopped by the test"};
    return verdict;
  }
  if (calls_left_) --*calls_left_;
  for (Rule& rule : rules_) {
    if (rule.operation != operation || rule.nth == 0) continue;
    --rule.nth;
    if (rule.nth > 0) continue;
    verdict.failure = rule.failure;
    verdict.done = rule.done;
  }
  std::erase_if(rules_, [](const Rule& rule) { return rule.nth == 0; });
  if (verdict.failure) return verdict;
  if (const auto rule = always_.find(operation); rule != always_.end()) {
    verdict.failure = rule->second;
  } else if (const auto of_key = keys_.find(key); of_key != keys_.end()) {
    verdict.failure = of_key->second;
  }
  return verdict;
}

void MemoryFaults::fail(Operation operation, Failure failure, std::size_t nth, bool done) {
  const std::lock_guard lock(mutex_);
  rules_.push_back({operation, std::move(failure), nth, done});
}

void MemoryFaults::fail_always(Operation operation, Failure failure) {
  const std::lock_guard lock(mutex_);
  always_[operation] = std::move(failure);
}

void MemoryFaults::fail_key(const std::string& key, Failure failure) {
  const std::lock_guard lock(mutex_);
  keys_[key] = std::move(failure);
}

void MemoryFaults::stop_after(std::size_t calls) {
  const std::lock_guard lock(mutex_);
  calls_left_ = calls;
}

void MemoryFaults::delay(Operation operation, std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  delays_[operation] = duration;
}

void MemoryFaults::hold(std::shared_ptr<MemoryStore::Hold::State> state) {
  const std::lock_guard lock(mutex_);
  holds_.push_back(std::move(state));
}

void MemoryFaults::repair() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
  always_.clear();
  keys_.clear();
  delays_.clear();
  calls_left_.reset();
}

std::vector<MemoryStore::Call> MemoryFaults::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

/// To be called with the mutex.
std::shared_ptr<MemoryStore::Hold::State> MemoryFaults::take_hold(Operation operation,
                                                                  const std::string& key,
                                                                  bool late) {
  const auto found = std::find_if(holds_.begin(), holds_.end(), [&](const auto& candidate) {
    return candidate->operation == operation && candidate->late == late &&
           (candidate->key.empty() || candidate->key == key);
  });
  if (found == holds_.end()) return nullptr;
  auto hold = *found;
  holds_.erase(found);
  return hold;
}

std::shared_ptr<MemoryStore::Hold::State> MemoryFaults::late_hold(Operation operation,
                                                                  const std::string& key) {
  const std::lock_guard lock(mutex_);
  return take_hold(operation, key, true);
}

void MemoryFaults::end(Operation operation) {
  const std::lock_guard lock(mutex_);
  --under_way_[operation];
}

std::size_t MemoryFaults::most_at_once(Operation operation) const {
  const std::lock_guard lock(mutex_);
  const auto most = most_at_once_.find(operation);
  return most == most_at_once_.end() ? 0 : most->second;
}

void MemoryFaults::forget_calls() {
  const std::lock_guard lock(mutex_);
  calls_.clear();
  most_at_once_ = under_way_;
}

Task<> MemoryStore::Hold::reached() {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::shared_ptr<OneShot<bool>> arrival;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->taken) co_return;
    arrival = state_->arrival = std::make_shared<OneShot<bool>>(executor);
  }
  co_await arrival->wait();
  // The hold may outlive the executor, which what was waited on belongs to.
  const std::lock_guard lock(state_->mutex);
  state_->arrival.reset();
}

void MemoryStore::Hold::release() {
  const std::lock_guard lock(state_->mutex);
  state_->released = true;
  if (state_->release) state_->release->set(true);
}

}  // namespace chartmuseum::storage
