// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/memory_budget.hpp"
#include "storage/object_store.hpp"
#include "storage/recently_used.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// The bytes of objects, those that are kept and those that are still on their way, in memory
/// that never exceeds a bound: what was let go counts until the last who sends it is done.
/// Thread-safe.
class MemoryCache {
 public:
  /// `capacity` in bytes; 0 keeps nothing.
  explicit MemoryCache(std::uint64_t capacity);

  /// `size` bytes of memory, to be filled; others that were not asked for lately make room. Null
  /// if that is more than half of all, or so much is being sent or fetched that nothing is left.
  [[nodiscard]] std::shared_ptr<std::string> room(std::string_view key, std::uint64_t size);

  struct Version {
    ObjectInfo info;
    std::shared_ptr<const std::string> bytes;
  };

  /// Takes the place of the key's former version, if `still_current` says so, which is asked in one
  /// step with it: drop() comes before or after. The bytes are to come from room().
  void keep(std::string_view key, Version version, const std::function<bool()>& still_current);
  [[nodiscard]] std::optional<Version> find(std::string_view key);
  void drop(std::string_view key);

 private:
  const std::uint64_t capacity_;
  const std::shared_ptr<MemoryBudget> budget_;
  std::mutex mutex_;
  RecentlyUsed<Version> versions_;
};

}  // namespace chartmuseum::storage
