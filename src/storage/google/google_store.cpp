// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_store.hpp"

#include "storage/google/google_authorizer.hpp"
#include "storage/google/google_credentials.hpp"
#include "storage/google/google_protocol.hpp"
#include "storage/remote/remote_store.hpp"
#include "transport/url.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace chartmuseum::storage {

namespace {

/// Empty, or ends with "/".
std::string folder_of(std::string_view prefix) {
  while (prefix.starts_with('/')) prefix.remove_prefix(1);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix.empty() ? std::string() : std::string(prefix) + '/';
}

/// STORAGE_EMULATOR_HOST, which has a scheme or not.
std::optional<std::string> emulator(const Environment& environment) {
  auto host = environment("STORAGE_EMULATOR_HOST");
  if (!host || host->empty()) return std::nullopt;
  while (host->ends_with('/')) host->pop_back();
  const bool has_scheme =
      transport::has_scheme(*host, "http") || transport::has_scheme(*host, "https");
  return has_scheme ? *host : "http://" + *host;
}

/// The metadata server answers to the machine itself alone.
std::shared_ptr<transport::Client> make_direct_client() {
  transport::ClientSettings settings;
  settings.in_flight = 2;
  settings.http2 = false;
  settings.proxies = {};
  return std::make_shared<transport::Client>(settings);
}

}  // namespace

std::expected<std::unique_ptr<ObjectStore>, std::string> make_google_store(
    const GoogleSettings& settings, const Environment& environment, const telemetry::Log& log) {
  transport::ClientSettings client_settings;
  client_settings.in_flight = 256;
  const auto client = std::make_shared<transport::Client>(client_settings);
  google::GoogleService service{.bucket = settings.bucket};
  std::shared_ptr<Authorizer> authorizer;
  std::optional<google::UrlSigner> signer;
  if (const auto base = emulator(environment)) {
    service.base = *base;
    service.conditions = false;
    authorizer = google::make_no_authorizer();
    log.warn("STORAGE_EMULATOR_HOST is set: packages are kept by an emulator",
             {{"host", transport::redacted(*base)}});
  } else {
    auto credentials = google::find_google_credentials(environment, client, make_direct_client);
    if (!credentials) return std::unexpected(std::move(credentials.error()));
    log.info("Found Google credentials", {{"where", credentials->found}});
    signer = credentials->signer;
    authorizer = google::make_google_authorizer(std::move(*credentials));
  }
  transport::RetryPolicy once;
  once.attempts = 1;
  const auto caller = std::make_shared<Caller>(client, authorizer);
  auto protocol = std::make_shared<google::GoogleProtocol>(
      std::move(service), caller, std::make_shared<Caller>(client, authorizer, once),
      std::move(signer));
  return make_remote_store(caller, std::move(protocol), folder_of(settings.prefix));
}

}  // namespace chartmuseum::storage
