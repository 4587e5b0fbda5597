// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/claims.hpp"
#include "base/digest.hpp"
#include "base/timestamp.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace chartmuseum::auth {

/// The claims of tokens that were verified, by the SHA-256 of the token: who sends one again costs
/// a hash and a lookup. Bounded; those that were not used for longest go first. Thread-safe; the
/// locks are sixteen and are held for some dozen nanoseconds.
class TokenCache {
 public:
  struct Verified {
    Claims claims;
    Timestamp until;           // after which the token must be looked at again
    std::uint64_t generation;  // of the keys that it was verified with
    std::size_t size;          // of the token, in bytes
  };

  /// Holds tokens of at most about `bytes` bytes together; what they say takes some times that.
  explicit TokenCache(std::size_t bytes);

  /// Nothing if the token is unknown, was verified with other keys than those of `generation`, or
  /// is known for too long.
  [[nodiscard]] std::optional<Claims> find(const Digest& token, std::uint64_t generation,
                                           Timestamp now);

  void insert(const Digest& token, Verified verified);

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t value = 0;  // a part of a hash is one too
      std::memcpy(&value, digest.bytes().data() + 1, sizeof value);
      return value;
    }
  };
  using Used = std::list<std::pair<Digest, Verified>>;  // the last one first

  struct Shard {
    std::mutex mutex;
    Used used;
    std::unordered_map<Digest, Used::iterator, Hash> known;
    std::size_t bytes = 0;
  };

  static void drop(Shard& shard, Used::iterator node, Used& dropped);

  [[nodiscard]] Shard& shard_of(const Digest& token) { return shards_[token.bytes()[0] % kShards]; }

  static constexpr std::size_t kShards = 16;
  std::size_t shard_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace chartmuseum::auth
