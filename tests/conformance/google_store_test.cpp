// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_store.hpp"

#include "conformance/store_conformance.hpp"
#include "support/server_process.hpp"

#include <atomic>
#include <map>

namespace chartmuseum::storage {
namespace {

std::shared_ptr<ObjectStore> store_on(const std::string& host, std::string prefix) {
  const std::map<std::string, std::string> variables{{"STORAGE_EMULATOR_HOST", host}};
  auto store = make_google_store(
      {.bucket = "charts", .prefix = std::move(prefix)},
      [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      telemetry::Log::discarding());
  if (!store) throw std::runtime_error(store.error());
  return std::move(*store);
}

/// Each test has a prefix of its own in one emulator.
const auto& emulator() {
  static const auto started = test::ServerProcess::start("firebase_storage");
  return started;
}

StoreUnderTest make() {
  static std::atomic<int> tests = 0;
  if (!emulator()) return {};
  return {nullptr, store_on(emulator()->fact("emulator_host"),
                            "/te+st " + std::to_string(++tests) + "%41/charts/")};
}

const StoreTraits kTraits{
    .one_remover = false, .names_with_any_byte = false, .large_object = 20 << 20};

StoreBackend backend() {
  return {"google", make, kTraits, emulator() ? "" : emulator().error()};
}

INSTANTIATE_TEST_SUITE_P(Google, StoreConformance, testing::Values(backend()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
