// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/recently_used.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// The bytes of objects that were read lately, in bounded memory. Thread-safe.
class HotObjects {
 public:
  using Bytes = std::shared_ptr<const std::string>;

  struct Version {
    std::string etag;  // these are the object's bytes for as long as it has this one
    Bytes bytes;
  };

  /// `capacity` in bytes, of objects and keys together.
  explicit HotObjects(std::size_t capacity);

  [[nodiscard]] std::optional<Version> find(std::string_view key);
  /// Lets those go that were not asked for the longest. An object over an eighth of a shard's
  /// capacity is not kept.
  void keep(std::string_view key, Version version);

 private:
  /// A share of the keys, so that threads seldom wait for each other.
  struct Shard {
    std::mutex mutex;
    RecentlyUsed<Version> versions;
  };

  [[nodiscard]] Shard& shard_of(std::string_view key);

  std::size_t shard_capacity_;
  std::array<Shard, 8> shards_;
};

}  // namespace chartmuseum::storage
