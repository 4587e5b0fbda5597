// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage {

/// Watches folders of the local file system with inotify(7): one instance and one thread for all
/// of them, started with the first watch. What cannot be seen this way: changes made on other
/// machines (NFS), writes through memory maps, and writes to a file by another of its hard links.
/// Thread-safe. Must outlive its watches, and is not to be destroyed from a callback.
class FolderWatcher {
 public:
  /// Folders below `root` (absolute) are watched by name as well as by themselves.
  FolderWatcher(const std::string& root, telemetry::Log log);
  ~FolderWatcher();

  /// As ObjectStore::watch, for the folder at the absolute `path`, which may lead through links.
  std::unique_ptr<FolderWatch> watch(const std::string& path, ObjectStore::OnChange on_change);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace chartmuseum::storage
