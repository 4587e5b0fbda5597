// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/microsoft_store.hpp"

#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"
#include "support/server_process.hpp"
#include "support/variables.hpp"

#include <atomic>
#include <map>
#include <stdexcept>
#include <utility>

namespace chartmuseum::storage {
namespace {

using test::ServerProcess;

const auto& azurite() {
  static const auto started = ServerProcess::start("azurite");
  return started;
}

const auto& azurite_with_tls() {
  static const auto started = ServerProcess::start("azurite", {"--tls"});
  return started;
}

/// A prefix of its own for each test, so that all share one container.
std::string new_prefix(const std::string& begin) {
  static std::atomic<int> made = 0;
  return begin + std::to_string(++made);
}

StoreUnderTest store_of(const ServerProcess& server, const std::string& prefix) {
  std::map<std::string, std::string> variables{
      {"AZURE_STORAGE_CONNECTION_STRING", server.fact("connection_string")}};
  if (server.fact("url").starts_with("https")) {
    variables["SSL_CERT_FILE"] = server.fact("ca_file");
  }
  auto store =
      make_microsoft_store({.container = server.fact("bucket"), .prefix = prefix},
                           test::variables(std::move(variables)), telemetry::Log::discarding());
  if (!store) throw std::runtime_error(store.error());
  return {nullptr, *std::move(store)};
}

template <class Server>
StoreBackend backend(std::string name, const Server& server, const std::string& prefix) {
  StoreTraits traits;
  traits.one_remover = false;
  traits.names_with_any_byte = false;
  traits.large_object = 20 << 20;  // three blocks
  traits.many_objects = 5'100;     // more than a page
  std::string why_not = server ? "" : server.error();
  return {.name = std::move(name),
          .make = [&server, prefix]() -> StoreUnderTest {
            if (!server) return {};
            return store_of(*server, new_prefix(prefix));
          },
          .traits = traits,
          .why_not = std::move(why_not)};
}

INSTANTIATE_TEST_SUITE_P(Microsoft, StoreConformance,
                         testing::Values(backend("azurite", azurite(), "charts"),
                                         backend("azurite_with_tls", azurite_with_tls(), "/a b/")),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
