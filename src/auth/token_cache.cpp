// SPDX-License-Identifier: Apache-2.0
#include "auth/token_cache.hpp"

#include <iterator>
#include <utility>

namespace chartmuseum::auth {

TokenCache::TokenCache(std::size_t bytes) : shard_bytes_(bytes / kShards) {}

/// What is dropped goes when the caller has given the lock back.
void TokenCache::drop(Shard& shard, Used::iterator node, Used& dropped) {
  shard.bytes -= node->second.size;
  shard.known.erase(node->first);
  dropped.splice(dropped.end(), shard.used, node);
}

std::optional<Claims> TokenCache::find(const Digest& token, std::uint64_t generation,
                                       Timestamp now) {
  Used dropped;
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.known.find(token);
  if (found == shard.known.end()) return std::nullopt;
  const Used::iterator node = found->second;
  if (node->second.generation != generation || now >= node->second.until) {
    drop(shard, node, dropped);
    return std::nullopt;
  }
  shard.used.splice(shard.used.begin(), shard.used, node);
  return node->second.claims;
}

void TokenCache::insert(const Digest& token, Verified verified) {
  if (verified.size > shard_bytes_) return;
  Used dropped;
  Used added;
  added.emplace_back(token, std::move(verified));
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  if (const auto found = shard.known.find(token); found != shard.known.end()) {
    drop(shard, found->second, dropped);
  }
  shard.bytes += added.front().second.size;
  shard.known.emplace(token, added.begin());
  shard.used.splice(shard.used.begin(), added);
  while (shard.bytes > shard_bytes_) drop(shard, std::prev(shard.used.end()), dropped);
}

}  // namespace chartmuseum::auth
