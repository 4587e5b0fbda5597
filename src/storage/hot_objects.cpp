// SPDX-License-Identifier: Apache-2.0
#include "storage/hot_objects.hpp"

#include <functional>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::size_t kOverhead = 256;  // of list and table, about

}  // namespace

HotObjects::HotObjects(std::size_t capacity) : shard_capacity_(capacity / 8) {}

HotObjects::Shard& HotObjects::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>{}(key) % shards_.size()];
}

std::optional<HotObjects::Version> HotObjects::find(std::string_view key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const Version* found = shard.versions.use(key);
  if (found == nullptr) return std::nullopt;
  return *found;
}

void HotObjects::keep(std::string_view key, Version version) {
  const std::size_t cost = kOverhead + key.size() + version.etag.size() + version.bytes->size();
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  shard.versions.erase(key);
  if (cost > shard_capacity_ / 8) return;
  shard.versions.shed([&] { return shard.versions.cost() + cost <= shard_capacity_; },
                      [](const std::string&, const Version&) { return true; });
  shard.versions.put(std::string(key), std::move(version), cost);
}

}  // namespace chartmuseum::storage
