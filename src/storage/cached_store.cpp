// SPDX-License-Identifier: Apache-2.0
#include "storage/cached_store.hpp"

#include "storage/cache_lookup.hpp"

#include <utility>

namespace chartmuseum::storage {

CachedStore::CachedStore(CachedStoreSettings settings, std::shared_ptr<ObjectStore> inner,
                         WorkerPool& workers, const telemetry::Log& log)
    : lookup_(std::make_shared<CacheLookup>(std::move(settings), inner, workers, log)),
      inner_(std::move(inner)) {
  lookup_->open_folder();
}

CachedStore::~CachedStore() = default;

Task<Result<std::optional<Object>>> CachedStore::get(std::string key, std::uint64_t limit) {
  return inner_->get(std::move(key), limit);
}

bool CachedStore::knows_digests() const {
  return inner_->knows_digests();
}

std::size_t CachedStore::reads_at_once() const {
  return inner_->reads_at_once();
}

Task<Result<std::optional<ObjectStart>>> CachedStore::get_start(std::string key,
                                                                std::uint64_t size) {
  return inner_->get_start(std::move(key), size);
}

Task<Result<std::optional<OpenObject>>> CachedStore::open(std::string key) {
  return CacheLookup::open(lookup_, std::move(key));
}

Task<Result<std::optional<ObjectInfo>>> CachedStore::stat(std::string key) {
  return inner_->stat(std::move(key));
}

Task<Result<ObjectInfo>> CachedStore::put(std::string key, Content content,
                                          PutCondition condition) {
  const auto lookup = lookup_;
  Task<Result<ObjectInfo>> putting = inner_->put(key, content, condition);
  Result<ObjectInfo> info = co_await std::move(putting);
  if (info && !content.seldom_read()) {
    lookup->stored(key, *info, content);
  } else if (info) {
    lookup->forget(key);
  } else if (info.error().kind != FailureKind::conflict) {
    lookup->forget(key);  // it may have happened all the same
  }
  co_return info;
}

Task<Result<bool>> CachedStore::remove(std::string key) {
  const auto lookup = lookup_;
  Task<Result<bool>> removing = inner_->remove(key);
  Result<bool> removed = co_await std::move(removing);
  lookup->forget(key);
  co_return removed;
}

Task<Result<std::vector<ObjectInfo>>> CachedStore::list(std::string folder) {
  const auto lookup = lookup_;
  Task<Result<std::vector<ObjectInfo>>> listing = inner_->list(folder);
  Result<std::vector<ObjectInfo>> infos = co_await std::move(listing);
  if (infos) lookup->listed(folder, *infos);
  co_return infos;
}

std::unique_ptr<FolderWatch> CachedStore::watch(std::string folder, OnChange on_change) {
  return inner_->watch(std::move(folder), std::move(on_change));
}

Task<Result<std::optional<std::string>>> CachedStore::folder_stamp(std::string folder) {
  return inner_->folder_stamp(std::move(folder));
}

Task<Result<std::optional<std::string>>> CachedStore::download_url(std::string key,
                                                                   std::chrono::seconds valid) {
  return inner_->download_url(std::move(key), valid);
}

CacheCounts CachedStore::counts() const {
  return lookup_->counts();
}

std::shared_ptr<ObjectStore> make_cached_store(CachedStoreSettings settings,
                                               std::shared_ptr<ObjectStore> inner,
                                               WorkerPool& workers, const telemetry::Log& log) {
  const bool has_folder = !settings.folder.empty() && settings.folder_size > 0;
  if (settings.memory == 0 && !has_folder) return inner;
  return std::make_shared<CachedStore>(std::move(settings), std::move(inner), workers, log);
}

}  // namespace chartmuseum::storage
