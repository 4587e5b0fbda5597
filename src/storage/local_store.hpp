// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/worker_pool.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <filesystem>
#include <memory>

namespace chartmuseum::storage {

struct LocalStoreSettings {
  std::filesystem::path root;  // made absolute; need not exist before the first put
};

/// Objects as files below `root`, with the Go server's layout: files 0644, folders 0774 (less the
/// umask), the modification time is the object's. get and list, which may wait for the disk, run
/// on `workers`, put and remove, which do wait for it, on threads of the store's own; open, stat
/// and folder_stamp, which nginx too makes on its event loop, run at once.
///
/// Reading follows symbolic links, also out of the root; what is no regular file in the end is
/// absent. Writing never goes through one: a link that has an object's name is replaced, and
/// below a linked folder writes are denied. Names of writes in progress (local_write.hpp) are
/// absent for readers and invalid for writers.
///
/// Two servers may share one root. `workers` must outlive the store. The process should ignore
/// SIGXFSZ, so that a file size limit is a failed put and not the end of the server.
[[nodiscard]] std::unique_ptr<ObjectStore> make_local_store(const LocalStoreSettings& settings,
                                                            WorkerPool& workers,
                                                            const telemetry::Log& log);

}  // namespace chartmuseum::storage
