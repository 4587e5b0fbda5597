// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/one_shot.hpp"
#include "storage/memory_store.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::storage {

/// A point at which one call waits for a test.
struct MemoryStore::Hold::State {
  Operation operation;
  std::string key;
  bool late = false;  // after the effect

  std::mutex mutex;
  bool taken = false;  // a call has arrived
  bool released = false;
  std::shared_ptr<OneShot<bool>> arrival;  // made by whoever waits for it
  std::shared_ptr<OneShot<bool>> release;
};

/// The calls that a MemoryStore has seen, and what is to happen to those to come. Thread-safe.
class MemoryFaults {
 public:
  struct Verdict {
    std::optional<Failure> failure;
    bool done = false;  // it happens all the same
    std::chrono::nanoseconds delay{};
    std::shared_ptr<MemoryStore::Hold::State> hold;
  };

  /// Notes a call and decides about it.
  [[nodiscard]] Verdict begin(Operation operation, const std::string& key);

  void fail(Operation operation, Failure failure, std::size_t nth, bool done);
  void fail_always(Operation operation, Failure failure);
  void fail_key(const std::string& key, Failure failure);
  void stop_after(std::size_t calls);
  void delay(Operation operation, std::chrono::nanoseconds duration);
  void hold(std::shared_ptr<MemoryStore::Hold::State> state);
  void repair();

  /// Where the call waits once it has had its effect, if anywhere.
  [[nodiscard]] std::shared_ptr<MemoryStore::Hold::State> late_hold(Operation operation,
                                                                    const std::string& key);
  /// The call that begin() noted is answered.
  void end(Operation operation);

  [[nodiscard]] std::vector<MemoryStore::Call> calls() const;
  [[nodiscard]] std::size_t most_at_once(Operation operation) const;
  void forget_calls();

 private:
  std::shared_ptr<MemoryStore::Hold::State> take_hold(Operation operation, const std::string& key,
                                                      bool late);

  struct Rule {
    Operation operation;
    Failure failure;
    std::size_t nth;
    bool done;
  };

  mutable std::mutex mutex_;
  std::vector<MemoryStore::Call> calls_;
  std::map<Operation, std::size_t> under_way_;
  std::map<Operation, std::size_t> most_at_once_;
  std::vector<Rule> rules_;
  std::map<Operation, Failure> always_;
  std::map<std::string, Failure> keys_;
  std::map<Operation, std::chrono::nanoseconds> delays_;
  std::optional<std::size_t> calls_left_;
  std::vector<std::shared_ptr<MemoryStore::Hold::State>> holds_;
};

}  // namespace chartmuseum::storage
