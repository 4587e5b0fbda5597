// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/worker_pool.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace chartmuseum::storage {

struct CachedStoreSettings {
  std::uint64_t memory = 64U << 20;       // bytes; 0 for none
  std::filesystem::path folder = {};      // of files; empty for none
  std::uint64_t folder_size = 1U << 30U;  // bytes
  /// Names the storage (its kind, bucket and prefix), so that what the folder holds of another
  /// one is not taken for this one's.
  std::string origin = {};

  // For tests.
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
  /// How long the store may take to say whether an object is still the same before what is kept
  /// is served without.
  std::chrono::milliseconds patience{2000};
};

/// How open() was answered.
struct CacheCounts {
  std::uint64_t hits = 0;    // with what was kept, or was on its way for somebody else
  std::uint64_t misses = 0;  // the store had to send the object
};

/// Another store, with the objects that were opened or put lately kept in memory and, where the
/// settings name a folder, in files. It passes everything on to the other one but open():
///
/// * What is kept is handed out if the store's etag is still its own. One stat() asks, for all who
///   come meanwhile, and its answer counts for a second more. So another writer's change is seen
///   after a second, or as soon as this store has listed it; one made through this store at once.
/// * If the store is out of reach or throttles, or takes too long to say, what is kept is handed
///   out unasked.
/// * What is not kept is fetched once for all who ask; they get the bytes as they arrive.
///
/// Objects without etag, and those for which there is no room, go straight through.
class CachedStore final : public ObjectStore {
 public:
  /// `workers` must outlive every task, as those of the other store.
  CachedStore(CachedStoreSettings settings, std::shared_ptr<ObjectStore> inner, WorkerPool& workers,
              const telemetry::Log& log);
  ~CachedStore() override;

  Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) override;
  [[nodiscard]] bool knows_digests() const override;
  [[nodiscard]] std::size_t reads_at_once() const override;
  Task<Result<std::optional<ObjectStart>>> get_start(std::string key, std::uint64_t size) override;
  Task<Result<std::optional<OpenObject>>> open(std::string key) override;
  Task<Result<std::optional<ObjectInfo>>> stat(std::string key) override;
  Task<Result<ObjectInfo>> put(std::string key, Content content, PutCondition condition) override;
  Task<Result<bool>> remove(std::string key) override;
  Task<Result<std::vector<ObjectInfo>>> list(std::string folder) override;
  std::unique_ptr<FolderWatch> watch(std::string folder, OnChange on_change) override;
  Task<Result<std::optional<std::string>>> folder_stamp(std::string folder) override;
  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override;

  [[nodiscard]] CacheCounts counts() const;

 private:
  std::shared_ptr<class CacheLookup> lookup_;
  std::shared_ptr<ObjectStore> inner_;
};

/// `inner` behind a cache, or itself if the settings give the cache neither memory nor a folder.
[[nodiscard]] std::shared_ptr<ObjectStore> make_cached_store(CachedStoreSettings settings,
                                                             std::shared_ptr<ObjectStore> inner,
                                                             WorkerPool& workers,
                                                             const telemetry::Log& log);

}  // namespace chartmuseum::storage
