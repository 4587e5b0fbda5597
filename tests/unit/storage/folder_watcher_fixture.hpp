// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/folder_watcher.hpp"
#include "unit/storage/local_store_fixture.hpp"

#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace chartmuseum::storage {

/// A watch of one folder, and what it has told.
class FolderWatcherTest : public LocalStoreTest {
 protected:
  void watch(const std::string& folder) {
    watch_ = store().watch(folder, [this](FolderChange change) {
      const std::lock_guard lock(told_mutex_);
      told_.insert(change.names.begin(), change.names.end());
      if (change.everything) told_.insert("(everything)");
    });
    ASSERT_TRUE(watch_);
  }

  [[nodiscard]] FolderWatch& watch() const { return *watch_; }

  /// What has changed since the last call: all of it, without any waiting for good luck.
  std::set<std::string> changes() {
    run_task(watch_->caught_up());
    const std::lock_guard lock(told_mutex_);
    return std::exchange(told_, {});
  }

  /// As a person at a shell does it, in the root.
  void shell(const std::string& command) {
    const std::string line = "cd '" + root().native() + "' && " + command;
    ASSERT_EQ(std::system(line.c_str()), 0) << line;
  }

 private:
  std::mutex told_mutex_;
  std::set<std::string> told_;
  std::unique_ptr<FolderWatch> watch_;
};

}  // namespace chartmuseum::storage
