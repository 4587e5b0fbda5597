// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_store.hpp"

#include "conformance/store_conformance.hpp"

namespace chartmuseum::storage {
namespace {

StoreBackend backend(std::string name, MemoryStore::Settings settings) {
  const StoreTraits traits{
      .watchable = settings.watchable, .stamps = settings.stamps, .etags = settings.etags};
  return {.name = std::move(name),
          .make = [settings]() -> StoreUnderTest {
            return {nullptr, std::make_shared<MemoryStore>(settings)};
          },
          .traits = traits,
          .why_not = {}};
}

INSTANTIATE_TEST_SUITE_P(
    Memory, StoreConformance,
    testing::Values(backend("full", {}),
                    backend("plain", {.etags = false, .watchable = false, .stamps = false}),
                    backend("bucket", {.watchable = false, .stamps = false, .digests = true})),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
