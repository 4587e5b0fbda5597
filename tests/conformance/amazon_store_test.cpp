// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/amazon_store.hpp"

#include "conformance/store_conformance.hpp"
#include "support/server_process.hpp"

#include <atomic>

namespace chartmuseum::storage {
namespace {

using test::ServerProcess;

/// In a folder of the bucket that no other test has used.
StoreUnderTest store_at(const ServerProcess& server) {
  static std::atomic<int> used = 0;
  const AmazonSettings settings{.bucket = server.fact("bucket"),
                                .prefix = "/some/tests/" + std::to_string(++used) + "/",
                                .region = server.fact("region"),
                                .endpoint = server.fact("url"),
                                .sse = {},
                                .kms_key_id = {}};
  const auto environment = [key = server.fact("access_key"), secret = server.fact("secret_key")](
                               const std::string& name) -> std::optional<std::string> {
    if (name == "AWS_ACCESS_KEY_ID") return key;
    if (name == "AWS_SECRET_ACCESS_KEY") return secret;
    return std::nullopt;
  };
  auto store = make_amazon_store(settings, environment, telemetry::Log::discarding());
  if (!store) throw std::runtime_error(store.error());
  return {nullptr, std::move(*store)};
}

/// One server for all tests, started for the first.
template <int>
const std::expected<ServerProcess, std::string>& started(
    const std::string& name, const std::vector<std::string>& options = {}) {
  static const std::expected<ServerProcess, std::string> server =
      ServerProcess::start(name, options);
  return server;
}

StoreBackend backend(std::string name, const std::expected<ServerProcess, std::string>& server,
                     StoreTraits traits) {
  StoreBackend made{std::move(name), [] { return StoreUnderTest{}; }, traits, ""};
  if (server) {
    made.make = [&server] { return store_at(*server); };
  } else {
    made.why_not = server.error();
  }
  return made;
}

StoreTraits traits_of_s3() {
  StoreTraits traits;
  traits.one_remover = false;  // S3 answers the same to all of them
  traits.names_with_any_byte = false;
  traits.large_object = 20 << 20;
  return traits;
}

/// Keeps objects in files, into which it writes, with something added to their names.
StoreTraits traits_of_s3rver() {
  StoreTraits traits = traits_of_s3();
  traits.longest_name = 200;
  traits.replaces_whole = false;
  traits.names_with_markup = false;  // its listings escape them twice
  return traits;
}

/// As Amazon, it takes If-None-Match; but nothing says so before it has refused a put.
StoreBackend s3rver() {
  return backend("s3rver", started<0>("s3rver", {"--conditional-writes"}), traits_of_s3rver());
}

/// It ignores If-None-Match: two who create at once may both succeed.
StoreBackend s3rver_of_old() {
  StoreTraits traits = traits_of_s3rver();
  traits.atomic_create_only = false;
  return backend("s3rver_of_old", started<1>("s3rver"), traits);
}

/// Looks for the object before it creates one, in a way that several at once pass.
StoreBackend swift() {
  StoreTraits traits = traits_of_s3();
  traits.atomic_create_only = false;
  return backend("swift", started<2>("openstack_swift"), traits);
}

INSTANTIATE_TEST_SUITE_P(Amazon, StoreConformance,
                         testing::Values(s3rver(), s3rver_of_old(), swift()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace chartmuseum::storage
