// SPDX-License-Identifier: Apache-2.0
#include "storage/cached_store.hpp"

#include "base/worker_pool.hpp"
#include "conformance/store_conformance.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/memory_store.hpp"

namespace chartmuseum::storage {
namespace {

struct Ground {
  TemporaryFolder folder;
  WorkerPool workers{4};
};

/// Over a store in memory, which sends objects whole or in pieces.
StoreBackend backend(std::string name, bool in_pieces, CachedStoreSettings settings,
                     bool with_folder, bool etags = true) {
  const auto make = [=]() mutable -> StoreUnderTest {
    auto ground = std::make_shared<Ground>();
    if (with_folder) settings.folder = ground->folder.path() / "cache";
    auto inner = std::make_shared<MemoryStore>(MemoryStore::Settings{.etags = etags});
    if (in_pieces) inner->open_as_streams(70'000);
    auto store = make_cached_store(settings, inner, ground->workers, telemetry::Log::discarding());
    return {std::move(ground), std::move(store)};
  };
  return {.name = std::move(name),
          .make = make,
          .traits = {.watchable = true, .stamps = true, .etags = etags},
          .why_not = {}};
}

INSTANTIATE_TEST_SUITE_P(Cached, StoreConformance,
                         testing::Values(backend("bytes", false, {}, false),
                                         backend("streams", true, {}, false),
                                         backend("tiny", true, {.memory = 200'000}, false),
                                         backend("with_folder", true, {}, true),
                                         backend("folder_alone", true, {.memory = 0}, true),
                                         backend("without_etags", true, {}, true, false)),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
