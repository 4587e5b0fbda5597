// SPDX-License-Identifier: Apache-2.0
#include "storage/hot_objects.hpp"

#include <functional>
#include <iterator>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::size_t kOverhead = 256;  // of list and table, about

}  // namespace

std::size_t HotObjects::Hot::cost() const {
  return kOverhead + key.size() + version.etag.size() + version.bytes->size();
}

void HotObjects::Shard::drop(std::list<Hot>::iterator hot) {
  bytes -= hot->cost();
  by_key.erase(hot->key);
  latest_first.erase(hot);
}

HotObjects::HotObjects(std::size_t capacity) : shard_capacity_(capacity / 8) {}

HotObjects::Shard& HotObjects::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>{}(key) % shards_.size()];
}

std::optional<HotObjects::Version> HotObjects::find(std::string_view key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.by_key.find(key);
  if (found == shard.by_key.end()) return std::nullopt;
  shard.latest_first.splice(shard.latest_first.begin(), shard.latest_first, found->second);
  return found->second->version;
}

void HotObjects::keep(std::string_view key, Version version) {
  Hot hot{.key = std::string(key), .version = std::move(version)};
  const std::size_t cost = hot.cost();
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  if (const auto old = shard.by_key.find(key); old != shard.by_key.end()) shard.drop(old->second);
  if (cost > shard_capacity_ / 8) return;
  while (shard.bytes + cost > shard_capacity_) shard.drop(std::prev(shard.latest_first.end()));
  shard.latest_first.push_front(std::move(hot));
  shard.by_key.emplace(shard.latest_first.front().key, shard.latest_first.begin());
  shard.bytes += cost;
}

}  // namespace chartmuseum::storage
