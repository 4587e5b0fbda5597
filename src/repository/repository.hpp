// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "base/worker_pool.hpp"
#include "repository/index.hpp"
#include "repository/push.hpp"
#include "repository/refusal.hpp"
#include "repository/settings.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chartmuseum::repository {

/// One tenant's charts: the only writer of its index, which it keeps equal to its folder in the
/// storage. Thread-safe; always held by shared pointer. What it does in the background keeps it
/// alive until that is done; `workers` must outlive it.
class Repository : public std::enable_shared_from_this<Repository> {
  struct Key {};

 public:
  /// `name` must be a valid key or empty. Nothing happens before the first call.
  [[nodiscard]] static std::shared_ptr<Repository> make(const Settings& settings, std::string name,
                                                        std::shared_ptr<storage::ObjectStore> store,
                                                        WorkerPool& workers, telemetry::Log log);
  Repository(Key /*for make only*/, const Settings& settings, std::string name,
             std::shared_ptr<storage::ObjectStore> store, WorkerPool& workers, telemetry::Log log);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// The current index. Waits, bounded, for the first one; compares with the storage first where
  /// a watch, the folder's stamp or the settings say that it may have changed. While the storage
  /// fails, the last good one, or at once the failure.
  Task<Outcome<IndexPointer>> index();

  /// The document of an index of this repository, gzip'ed.
  Task<std::shared_ptr<const Rope>> compressed_document(IndexPointer index);

  /// Stores all parts or none, and returns when they are durable and the index that includes
  /// the package is published (or, while there is none yet, will include it).
  Task<Outcome<void>> push(Push push);

  /// Removes a version's package (all of them, if several hold it) and its provenance file.
  Task<Outcome<void>> remove(std::string name, std::string version);

  /// The object `file_name` of this repository, to be sent on: a package or a provenance file.
  Task<Outcome<storage::OpenObject>> open(std::string file_name);

  /// A place outside this server from which the object may be fetched.
  struct Download {
    storage::ObjectInfo info;
    std::string url;  // whoever has it may GET the object: a secret
  };
  /// Such a place for `file_name`, for so long; nothing if the storage has no such thing.
  Task<Outcome<std::optional<Download>>> download(std::string file_name,
                                                  std::chrono::seconds valid);

  /// The whole package of a version.
  Task<Outcome<std::string>> package_bytes(ChartVersionPointer version);

  /// Calls `on_change` on a worker, whenever the folder turns out to hold packages, or none any
  /// more. To be set before the first use.
  void on_occupied(std::function<void(bool occupied)> on_change);

  /// Starts building the index, without anybody waiting.
  void warm();

  /// Ends background work and writes the statefile if it is due. What was published stays
  /// readable; pushes are still stored.
  Task<> close();

 private:
  struct Parts;

  Task<bool> is_current();

  std::unique_ptr<Parts> parts_;
};

}  // namespace chartmuseum::repository
