// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "base/worker_pool.hpp"
#include "chart/package.hpp"
#include "repository/index.hpp"
#include "repository/settings.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// Why a change or a read of a repository did not happen. api/ maps each kind to one status.
enum class Refusal {
  exists,         // the object is there, and overwriting is not allowed
  absent,         // no such chart version or object
  invalid,        // a name or version that cannot be a file name, not strict SemVer, ...
  limit_reached,  // --max-storage-objects
  storage_full,
  storage_failed,  // the storage answered with a failure that will not pass by itself
  unavailable,     // the storage is out of reach, or the index is not ready: try again
};

struct Refused {
  Refusal kind = Refusal::unavailable;
  std::string message;  // for the client, where the kind alone does not say it; no paths
  std::string detail;   // for the log
};

template <class T>
using Outcome = std::expected<T, Refused>;

/// What a client pushes: a package, a provenance file, or both. The views must stay valid until
/// the task ends.
struct Push {
  struct Part {
    std::string file_name;
    std::string_view bytes;
  };
  std::optional<chart::Package> package;  // made from package_part->bytes
  std::optional<Part> package_part;
  std::optional<Part> provenance_part;
  bool force = false;  // ?force
};

/// One tenant's charts: the only writer of its index, which it keeps equal to its folder in the
/// storage. Thread-safe; always held by shared pointer.
class Repository : public std::enable_shared_from_this<Repository> {
 public:
  /// The current index. Waits, bounded, for the first one; compares with the storage first where
  /// a watch, the folder's stamp, the cache interval or the settings say that it may have changed.
  Task<Outcome<IndexPointer>> index();

  /// Stores all parts or none, and returns when they are durable and the index that includes
  /// the package is published.
  Task<Outcome<void>> push(Push push);

  /// Removes a version's package and its provenance file.
  Task<Outcome<void>> remove(std::string name, std::string version);

  /// The object `file_name` of this repository, to be sent on.
  Task<Outcome<storage::OpenObject>> open(std::string file_name);

  /// The whole package of a version.
  Task<Outcome<std::string>> package_bytes(ChartVersionPointer version);

  // The owner of this room completes this.
};

}  // namespace chartmuseum::repository
