// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/worker_pool.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <filesystem>
#include <memory>

namespace chartmuseum::storage {

struct LocalStoreSettings {
  std::filesystem::path root;
};

/// Objects as files below `root`, with the Go server's layout: files 0644, folders 0774, the
/// modification time is the object's. Blocking calls run on `workers`; open and stat, which
/// nginx too makes on its event loop, run at once.
[[nodiscard]] std::unique_ptr<ObjectStore> make_local_store(LocalStoreSettings settings,
                                                            WorkerPool& workers,
                                                            telemetry::Log log);

}  // namespace chartmuseum::storage
