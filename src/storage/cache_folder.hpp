// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "base/worker_pool.hpp"
#include "storage/landing.hpp"
#include "storage/object_store.hpp"
#include "storage/recently_used.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// Objects of another store as files of one folder, of a bounded size in all: those that were not
/// used for the longest go first. What is in it survives a restart; a file that is damaged is not
/// given out but removed, and files with other names than ours are never touched.
///
/// A folder belongs to one process at a time, by an flock(2) on it. Where it is another's, cannot
/// be written or is full, objects are not kept, which the log says now and then; it is tried again
/// later. Thread-safe; everything but holds() blocks and is for workers.
class CacheFolder : public std::enable_shared_from_this<CacheFolder> {
 public:
  struct Settings {
    std::filesystem::path path;
    std::uint64_t capacity = 0;  // bytes, as the files take them
    /// Names the storage whose objects these are, so that those of another one with the same keys
    /// are not taken for them.
    std::string origin;
  };

  CacheFolder(Settings settings, WorkerPool& workers, telemetry::Log log);
  ~CacheFolder();
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;

  /// Makes, takes and reads the folder; done by the others where it is not.
  void open();

  struct Found {
    ObjectInfo info;
    std::shared_ptr<const FileDescriptor> file;  // begins with the object's bytes
  };
  [[nodiscard]] std::optional<Found> find(const std::string& key);

  /// `still_current` is asked in one step with keeping it: drop() comes before or after.
  void keep(const std::string& key, const ObjectInfo& info, std::string_view bytes,
            const std::function<bool()>& still_current);

  /// An object that is yet to arrive.
  class Arrival : public Landing {
   public:
    /// All bytes have been appended: makes it a file of the cache.
    virtual void keep(const std::function<bool()>& still_current) = 0;
  };
  /// Null if it is more than half of all, or there is no room.
  [[nodiscard]] std::shared_ptr<Arrival> begin(const std::string& key, const ObjectInfo& info);

  [[nodiscard]] bool holds(const std::string& key);
  void drop(const std::string& key);

 private:
  class File;
  struct Kept {
    std::chrono::steady_clock::time_point touched;
    bool checked = false;  // since the start
  };
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::string label_key(const std::string& key) const;
  [[nodiscard]] std::string name_of(const std::string& key) const;
  // With the mutex held:
  bool ready(bool for_writing);
  [[nodiscard]] bool is_replaced() const;
  Result<void> take();
  void read_names();
  bool make_room(std::uint64_t size);
  void complain(std::string_view message, std::string_view detail);

  void failed_to_write(const Failure& failure);
  void release(std::uint64_t size);
  void touch(const std::string& name, int file);
  void remove_damaged(const std::string& name);

  const Settings settings_;
  WorkerPool& workers_;
  const telemetry::Log log_;

  std::mutex mutex_;
  std::shared_ptr<const FileDescriptor> folder_;  // null: not ours at the moment
  RecentlyUsed<Kept> files_;                      // by name
  std::uint64_t arriving_ = 0;                    // bytes of files that are being written
  Clock::time_point try_again_;
  Clock::time_point complain_again_;
};

}  // namespace chartmuseum::storage
