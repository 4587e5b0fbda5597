// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace chartmuseum::storage {

/// Why something is left out of a listing, and when it last changed.
struct Oddity {
  std::string reason;
  Timestamp changed;
  bool operator==(const Oddity&) const = default;
};

/// Lists folders, and says once, not at every listing, what it had to leave out and why.
/// Thread-safe.
class LocalListing {
 public:
  explicit LocalListing(telemetry::Log log) : log_(std::move(log)) {}

  /// The objects directly in the folder at `path`. Removes temporary files of writers that died
  /// (local_write.hpp). `folder` is what log lines call it.
  Result<std::vector<ObjectInfo>> list(const std::string& path, const std::string& folder);

 private:
  using LeftOut = std::map<std::string, Oddity>;  // by name

  void report(const std::string& folder, LeftOut left_out);

  telemetry::Log log_;
  std::mutex mutex_;
  // As large as the number of such things on the disk: folders without any are not kept.
  std::unordered_map<std::string, LeftOut> reported_;
};

}  // namespace chartmuseum::storage
