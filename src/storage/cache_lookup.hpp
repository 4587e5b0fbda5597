// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/one_shot.hpp"
#include "storage/awaited.hpp"
#include "storage/cache_folder.hpp"
#include "storage/cached_store.hpp"
#include "storage/memory_cache.hpp"
#include "storage/shared_fetch.hpp"
#include "storage/trusted_versions.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace chartmuseum::storage {

/// How a CachedStore answers open(): what is kept, what is on its way, what the inner store says.
/// One question about a key at a time is put to the inner store, by a coroutine on the workers
/// that goes on whoever of those who wait for it goes away. Thread-safe; held by shared pointer.
class CacheLookup : public std::enable_shared_from_this<CacheLookup> {
 public:
  CacheLookup(CachedStoreSettings settings, std::shared_ptr<ObjectStore> inner, WorkerPool& workers,
              const telemetry::Log& log);

  /// On a worker, without anybody waiting.
  void open_folder();

  static Task<Result<std::optional<OpenObject>>> open(std::shared_ptr<CacheLookup> self,
                                                      std::string key);

  /// What writes through this store have done; to be told before they return.
  void stored(const std::string& key, const ObjectInfo& info, const Content& content);
  void forget(const std::string& key);

  void listed(const std::string& folder, const std::vector<ObjectInfo>& infos);

  [[nodiscard]] CacheCounts counts() const;

 private:
  /// Nothing can be shared: each opens the object for itself; the first has it here already.
  struct Alone {
    std::optional<OpenObject> opened;
  };
  struct Absent {};
  struct KeptFile {
    ObjectInfo info;
    std::shared_ptr<const FileDescriptor> file;
  };
  using Fetch = std::shared_ptr<SharedFetch>;
  /// What is known of an object's bytes, in each form of which everybody can have a share.
  using Source = std::variant<MemoryCache::Version, KeptFile, Fetch>;
  using Verdict = std::variant<Failure, Absent, Alone, MemoryCache::Version, KeptFile, Fetch>;
  struct Finding {
    Verdict verdict;
    bool fetched = false;  // for the first of those who asked
  };

  struct Answer {
    Result<std::optional<OpenObject>> object;
    bool alone = false;
  };
  using Waiting = Awaited<std::shared_ptr<Answer>>;
  /// Those who wait for one answer about a key.
  struct Question {
    std::string key;
    std::uint32_t mark;
    std::vector<Waiting> waiting;
  };
  using Stat = Result<std::optional<ObjectInfo>>;
  using StatReply = OneShot<std::shared_ptr<Stat>>;

  [[nodiscard]] std::optional<OpenObject> at_once(const std::string& key);
  void ask(const std::string& key, Waiting waiting);
  static Task<> answer(std::shared_ptr<CacheLookup> self, std::shared_ptr<Question> question);
  Task<Finding> find(std::string key, std::uint32_t mark);
  [[nodiscard]] std::shared_ptr<Answer> share(Finding& finding);

  [[nodiscard]] Fetch under_way(const std::string& key);
  [[nodiscard]] std::optional<Source> kept(const std::string& key);
  Task<std::optional<Verdict>> check(std::string key, std::uint32_t mark, Source source);
  Task<std::shared_ptr<Stat>> validate(std::string key, std::uint32_t mark);
  static Task<> probe(std::shared_ptr<CacheLookup> self, std::string key, std::uint32_t mark,
                      std::shared_ptr<StatReply> reply, bool patient);

  Task<Verdict> fetch(std::string key, std::uint32_t mark);
  Verdict start_fetch(const std::string& key, std::uint32_t mark, OpenObject opened);
  Verdict keep_bytes(const std::string& key, std::uint32_t mark, OpenObject opened);
  void keep(const std::string& key, const ObjectInfo& info,
            const std::shared_ptr<const std::string>& bytes, std::uint32_t mark);
  void drop(const std::string& key);
  void written(const std::string& key);

  const CachedStoreSettings settings_;
  const std::shared_ptr<ObjectStore> inner_;
  WorkerPool& workers_;
  MemoryCache memory_;
  std::shared_ptr<CacheFolder> folder_;  // null: none
  TrustedVersions trusted_;

  /// A fetch that may be joined. Idle ones go with those who might read them.
  struct UnderWay {
    std::weak_ptr<SharedFetch> fetch;
    std::uint64_t number = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Question>> questions_;
  std::unordered_map<std::string, UnderWay> fetches_;
  std::uint64_t fetches_begun_ = 0;

  std::atomic<bool> outage_ = false;   // as far as the last answer tells
  std::atomic<bool> probing_ = false;  // whether it has ended
  std::atomic<std::uint64_t> hits_ = 0;
  std::atomic<std::uint64_t> misses_ = 0;
};

}  // namespace chartmuseum::storage
