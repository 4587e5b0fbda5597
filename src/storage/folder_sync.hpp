// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <sys/types.h>
#include <utility>

namespace chartmuseum::storage {

/// fsync(2) of folders, shared: all who ask while one of the same folder is running are served
/// together by the next one. (By the next, since the running one may have begun before their
/// change was made.) Under load the disk then sees one flush a batch, not one a write.
/// Thread-safe; blocks.
class FolderSync {
 public:
  /// Makes durable what was changed in the folder before the call. 0, or the error number; every
  /// one who shares a failed fsync gets its error, because the kernel reports it only once.
  [[nodiscard]] int sync(int folder);

  /// How many fsyncs have been made.
  [[nodiscard]] std::uint64_t count() const;

 private:
  struct Folder {
    std::uint64_t started = 0;  // fsyncs, numbered from 1
    std::uint64_t finished = 0;
    std::uint64_t failed = 0;  // the last that failed
    int error = 0;
    bool running = false;
    std::condition_variable changed;
  };
  using Identity = std::pair<dev_t, ino_t>;

  mutable std::mutex mutex_;
  std::map<Identity, std::weak_ptr<Folder>> folders_;  // those being synced now
  std::uint64_t count_ = 0;
};

}  // namespace chartmuseum::storage
