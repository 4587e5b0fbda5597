// SPDX-License-Identifier: Apache-2.0
#include "storage/local_store.hpp"

#include "base/worker_pool.hpp"
#include "conformance/store_conformance.hpp"
#include "conformance/temporary_folder.hpp"

namespace chartmuseum::storage {
namespace {

struct Ground {
  TemporaryFolder folder;
  WorkerPool workers{4};
};

StoreUnderTest make() {
  auto ground = std::make_shared<Ground>();
  auto store = make_local_store({.root = ground->folder.path() / "root"}, ground->workers,
                                telemetry::Log::discarding());
  // The root must exist to be watched.
  std::filesystem::create_directory(ground->folder.path() / "root");
  return {ground, std::move(store)};
}

const StoreTraits kTraits{.watchable = true, .stamps = true};

INSTANTIATE_TEST_SUITE_P(Local, StoreConformance,
                         testing::Values(StoreBackend{"local", make, kTraits, ""}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
