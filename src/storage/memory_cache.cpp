// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_cache.hpp"

#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::uint64_t kOverhead = 512;  // of list, table and description, about

struct Room {
  explicit Room(std::shared_ptr<MemoryBudget> budget) : share(std::move(budget)) {}
  MemoryShare share;
  std::string bytes;
};

}  // namespace

MemoryCache::MemoryCache(std::uint64_t capacity)
    : capacity_(capacity), budget_(std::make_shared<MemoryBudget>(capacity)) {}

std::shared_ptr<std::string> MemoryCache::room(std::string_view key, std::uint64_t size) {
  const std::uint64_t overhead = kOverhead + 2 * key.size();
  if (size > capacity_ / 2 || size + overhead > capacity_) return nullptr;
  auto room = std::make_shared<Room>(budget_);
  if (!room->share.grow(size + overhead)) {
    const std::lock_guard lock(mutex_);
    // Those that are being sent would go on to take their memory.
    versions_.shed(
        [&] { return budget_->left() >= size + overhead; },
        [](const std::string&, const Version& version) { return version.bytes.use_count() == 1; });
    if (!room->share.grow(size + overhead)) return nullptr;
  }
  room->bytes.resize(size);
  return {room, &room->bytes};
}

void MemoryCache::keep(std::string_view key, Version version,
                       const std::function<bool()>& still_current) {
  const std::uint64_t cost = version.bytes->size();
  const std::lock_guard lock(mutex_);
  if (!still_current()) return;
  versions_.put(std::string(key), std::move(version), cost);
}

std::optional<MemoryCache::Version> MemoryCache::find(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const Version* version = versions_.use(key);
  if (version == nullptr) return std::nullopt;
  return *version;
}

void MemoryCache::drop(std::string_view key) {
  const std::lock_guard lock(mutex_);
  versions_.erase(key);
}

}  // namespace chartmuseum::storage
