// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/index.hpp"
#include "storage/object_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace chartmuseum::repository {

/// What a repository's writer shows to readers on all threads: the current index, and what tells
/// them whether it may be out of date. Thread-safe; nothing here waits for more than the copy
/// of a pointer.
class Publication {
 public:
  using Clock = std::chrono::steady_clock;

  /// Null until the first one is published.
  [[nodiscard]] IndexPointer index() const {
    const std::lock_guard lock(mutex_);
    return index_;
  }
  void publish(IndexPointer index) {
    const std::lock_guard lock(mutex_);
    index_.swap(index);  // the old one, perhaps the last of its kind, goes after the lock
  }

  /// What watches the folder; null where nothing does.
  [[nodiscard]] std::shared_ptr<storage::FolderWatch> watch() const {
    const std::lock_guard lock(mutex_);
    return watch_;
  }
  void set_watch(std::shared_ptr<storage::FolderWatch> watch) {
    const std::lock_guard lock(mutex_);
    watch_.swap(watch);
  }

  /// The folder's stamp before the comparison that the index is from.
  [[nodiscard]] std::optional<std::string> stamp() const {
    const std::lock_guard lock(mutex_);
    return stamp_;
  }
  void set_stamp(std::optional<std::string> stamp) {
    const std::lock_guard lock(mutex_);
    stamp_ = std::move(stamp);
  }

  /// The watch has told of one more change, which the index does not show yet.
  void note_change() { noted_.fetch_add(1); }
  [[nodiscard]] std::uint64_t changes() const { return noted_.load(); }
  /// The first `changes` of them are dealt with.
  void settle(std::uint64_t changes) { settled_.store(changes); }
  [[nodiscard]] bool settled() const { return settled_.load() >= noted_.load(); }

  /// When the folder is to be compared in full even if nothing tells of a change.
  void set_due(Clock::time_point when) { due_.store(when.time_since_epoch().count()); }
  /// Whether it is due, true for one caller: the next ones are told after `interval`.
  bool claim_due(Clock::duration interval) {
    const auto now = Clock::now().time_since_epoch();
    auto due = due_.load();
    return now.count() >= due && due_.compare_exchange_strong(due, (now + interval).count());
  }

  /// The storage could not be read when it was last asked, and is asked again in the background.
  void set_failing(bool failing) { failing_.store(failing); }
  [[nodiscard]] bool failing() const { return failing_.load(); }

 private:
  mutable std::mutex mutex_;
  IndexPointer index_;
  std::shared_ptr<storage::FolderWatch> watch_;
  std::optional<std::string> stamp_;
  std::atomic<std::uint64_t> noted_{0};
  std::atomic<std::uint64_t> settled_{0};
  std::atomic<Clock::rep> due_{Clock::time_point::max().time_since_epoch().count()};
  std::atomic<bool> failing_{false};
};

}  // namespace chartmuseum::repository
