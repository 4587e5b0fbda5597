// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/recently_used.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

/// What a store has said of objects a moment ago, and which of its answers writes have overtaken
/// since. Thread-safe.
class TrustedVersions {
 public:
  using Clock = std::chrono::steady_clock;

  TrustedVersions(std::function<Clock::time_point()> clock, std::chrono::nanoseconds trust)
      : clock_(std::move(clock)), trust_(trust) {}

  /// To be taken before the store is asked; differs once an object of this key (or of a few
  /// others) has been written.
  [[nodiscard]] std::uint32_t mark(std::string_view key) const;
  /// A write has ended, whatever came of it: no answer of before counts.
  void written(std::string_view key);

  void note(std::string_view key, ObjectInfo info, std::uint32_t mark);
  [[nodiscard]] std::optional<ObjectInfo> find(std::string_view key);

  /// The store says so, perhaps later than what was noted: what differs is trusted no more.
  void compare(const std::string& folder, const std::vector<ObjectInfo>& infos);

 private:
  struct Noted {
    ObjectInfo info;
    Clock::time_point until;
  };
  static constexpr std::size_t kMost = 4096;  // those of one second: to forget one costs a HEAD

  [[nodiscard]] std::atomic<std::uint32_t>& mark_of(std::string_view key) const;

  const std::function<Clock::time_point()> clock_;
  const std::chrono::nanoseconds trust_;
  // Shared by keys, so that they need no bound: sharing costs a HEAD, too.
  mutable std::array<std::atomic<std::uint32_t>, 1024> marks_{};
  std::mutex mutex_;
  RecentlyUsed<Noted> noted_;
};

}  // namespace chartmuseum::storage
