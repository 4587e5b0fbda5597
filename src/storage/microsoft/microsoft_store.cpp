// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/microsoft_store.hpp"

#include "storage/microsoft/blob_protocol.hpp"
#include "storage/microsoft/configuration.hpp"
#include "storage/microsoft/delegated_downloads.hpp"
#include "storage/microsoft/download_signature.hpp"
#include "storage/microsoft/identities.hpp"
#include "storage/microsoft/sas_authorizer.hpp"
#include "storage/microsoft/shared_key.hpp"
#include "storage/remote/remote_store.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::storage {

namespace {

using namespace microsoft;

/// The authorizer, and what signs downloads, of the credentials that there are.
struct Access {
  std::shared_ptr<Authorizer> authorizer;
  SignDownload sign_download;
};

bool is_container(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '$';
         });
}

bool is_https(const Account& account) {
  return transport::has_scheme(account.endpoint, "https");
}

Access access_with(const AccountKey& key, const Account& account, const std::string& container) {
  const auto clock = std::make_shared<ServiceClock>();
  const DownloadGrant blank{.account = account.name,
                            .container = container,
                            .blob = {},
                            .expires = {},
                            .https_only = is_https(account)};
  return {
      make_shared_key_authorizer(account.name, key, clock),
      [key, clock, blank](std::string blob,
                          std::chrono::seconds valid) -> Task<Result<std::optional<std::string>>> {
        DownloadGrant grant = blank;
        grant.blob = std::move(blob);
        grant.expires = clock->now() + valid;
        co_return service_sas(grant, key);
      }};
}

transport::ClientSettings client_settings(const Environment& environment) {
  transport::ClientSettings settings;
  settings.in_flight = 256;
  settings.tls.ca_file = environment("SSL_CERT_FILE").value_or("");  // as the Go server reads it
  return settings;
}

}  // namespace

std::expected<std::unique_ptr<ObjectStore>, std::string> make_microsoft_store(
    const MicrosoftSettings& settings, const Environment& environment, const telemetry::Log& log) {
  if (!is_container(settings.container)) {
    return std::unexpected("--storage-microsoft-container is no name of a container");
  }
  auto prefix = clean_prefix(settings.prefix);
  if (!prefix) return std::unexpected("--storage-microsoft-prefix: " + prefix.error());
  auto configuration = read_configuration(environment);
  if (!configuration) return std::unexpected(configuration.error());

  const auto client = std::make_shared<transport::Client>(client_settings(environment));
  Access access;
  const bool for_an_identity = std::holds_alternative<Identity>(configuration->credentials);
  if (const auto* key = std::get_if<AccountKey>(&configuration->credentials)) {
    access = access_with(*key, configuration->account, settings.container);
  } else if (auto* sas = std::get_if<Sas>(&configuration->credentials)) {
    access = {make_sas_authorizer(std::move(*sas)), {}};
  } else {
    // Who reads such a token can use it (RFC 6750, 5.3).
    if (!is_https(configuration->account)) {
      return std::unexpected("an identity can only be used over https: " +
                             configuration->account.endpoint + " is not");
    }
    auto identity = find_identity(environment, client);
    if (!identity) return std::unexpected(identity.error());
    configuration->source = std::move(identity->source);
    access.authorizer = make_bearer_authorizer(std::move(identity->fetch));
  }
  log.info("Storing in Azure Blob Storage", {{"endpoint", configuration->account.endpoint},
                                             {"container", settings.container},
                                             {"credentials", configuration->source}});
  const auto caller = std::make_shared<Caller>(client, std::move(access.authorizer));
  const Service service{.container = settings.container,
                        .endpoint = configuration->account.endpoint,
                        .credentials = configuration->source};
  if (for_an_identity && !configuration->account.name.empty()) {
    access.sign_download =
        make_delegated_signer(caller, configuration->account, service, configuration->api_version);
  }
  BlobSettings blobs{.service = service,
                     .api_version = configuration->api_version,
                     .sign_download = std::move(access.sign_download)};
  return make_remote_store(caller, make_blob_protocol(caller, std::move(blobs)),
                           *std::move(prefix));
}

}  // namespace chartmuseum::storage
