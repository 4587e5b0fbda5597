// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/amazon_store.hpp"

#include "storage/amazon/authorizer.hpp"
#include "storage/amazon/credential_sources.hpp"
#include "storage/amazon/endpoint.hpp"
#include "storage/amazon/protocol.hpp"
#include "storage/amazon/shared_config.hpp"
#include "storage/remote/remote_store.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace chartmuseum::storage {

namespace {

/// Empty if nothing says it.
std::string region_of(const AmazonSettings& settings, const Environment& environment) {
  if (!settings.region.empty()) return settings.region;
  for (const std::string name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    std::string region = environment(name).value_or("");
    if (!region.empty()) return region;
  }
  const auto config = amazon::SharedConfig::read(environment);
  const auto* const profile =
      config.profile(amazon::chosen_profile(environment).value_or("default"));
  if (profile != nullptr && profile->contains("region")) return profile->at("region");
  return settings.endpoint.empty() ? std::string() : "us-east-1";
}

/// It becomes part of a host's name.
bool is_region(const std::string& region) {
  return !region.empty() && std::ranges::all_of(region, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::string prefix_of(std::string prefix) {
  while (prefix.starts_with('/')) prefix.erase(0, 1);
  while (prefix.ends_with('/')) prefix.pop_back();
  return prefix.empty() ? prefix : prefix + '/';
}

transport::ClientSettings client_settings(const Environment& environment,
                                          const telemetry::Log& log) {
  transport::ClientSettings settings;
  settings.in_flight = 256;
  settings.waiting = 4096;
  settings.tls.ca_file = environment("AWS_CA_BUNDLE").value_or("");
  if (environment("AWS_INSECURE_SKIP_VERIFY") == "true") {
    log.warn("AWS_INSECURE_SKIP_VERIFY is set: certificates of the storage are not checked");
    settings.tls.verify = false;
  }
  return settings;
}

/// A client that asks without a proxy, made when it is first needed: most servers never do.
std::function<std::shared_ptr<transport::Client>()> direct_client(
    const transport::TlsSettings& tls) {
  struct Made {
    std::mutex mutex;
    std::shared_ptr<transport::Client> client;
  };
  return [tls, made = std::make_shared<Made>()] {
    const std::lock_guard lock(made->mutex);
    if (!made->client) {
      transport::ClientSettings settings;
      settings.in_flight = 4;
      settings.tls = tls;
      settings.proxies = {};
      made->client = std::make_shared<transport::Client>(std::move(settings));
    }
    return made->client;
  };
}

}  // namespace

std::expected<std::unique_ptr<ObjectStore>, std::string> make_amazon_store(
    const AmazonSettings& settings, const Environment& environment, const telemetry::Log& log) {
  if (settings.bucket.empty() || settings.bucket.contains('/')) {
    return std::unexpected("--storage-amazon-bucket is not the name of a bucket");
  }
  std::string region = region_of(settings, environment);
  if (region.empty()) {
    return std::unexpected("the bucket's region is not known: set --storage-amazon-region");
  }
  if (!is_region(region)) {
    return std::unexpected("not the name of a region (--storage-amazon-region): " + region);
  }
  auto endpoint =
      amazon::Endpoint::of(settings.endpoint, region, settings.bucket, settings.force_path_style);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));

  transport::ClientSettings tuning = client_settings(environment, log);
  auto direct = direct_client(tuning.tls);
  auto client = std::make_shared<transport::Client>(std::move(tuning));
  auto authorizer = std::make_shared<amazon::AmazonAuthorizer>(
      amazon::default_sources({environment, region, client, std::move(direct)}), region, "s3");
  auto caller = std::make_shared<Caller>(client, authorizer);
  auto protocol = std::make_shared<amazon::S3Protocol>(
      amazon::ProtocolSettings{settings.bucket, settings.sse, settings.kms_key_id},
      std::move(*endpoint), caller, authorizer);
  return make_remote_store(std::move(caller), std::move(protocol), prefix_of(settings.prefix));
}

}  // namespace chartmuseum::storage
