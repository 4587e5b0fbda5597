// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/configuration.hpp"

#include "storage/microsoft/connection_string.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage::microsoft {

namespace {

/// The Go server's. It has all that we use (bearer tokens are the newest of it), and older
/// installations of Azure Stack Hub have nothing later.
constexpr std::string_view kUsualVersion = "2018-03-28";
constexpr std::string_view kOldestVersion = "2017-11-09";  // the first with bearer tokens

std::string value_of(const Environment& environment, const std::string& name) {
  return environment(name).value_or("");
}

bool is_version(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00";
  return std::ranges::equal(text, kForm, [](char c, char form) {
    return form == '0' ? c >= '0' && c <= '9' : c == form;
  });
}

std::expected<Configuration, std::string> from_connection_string(const std::string& text) {
  auto connection = read_connection_string(text);
  if (!connection) {
    return std::unexpected("AZURE_STORAGE_CONNECTION_STRING cannot be used: " + connection.error());
  }
  Configuration configuration;
  configuration.account = std::move(connection->account);
  if (connection->key) {
    configuration.credentials = *std::move(connection->key);
    configuration.source = "the account key of AZURE_STORAGE_CONNECTION_STRING";
  } else if (connection->sas) {
    configuration.credentials = *std::move(connection->sas);
    configuration.source = "the SharedAccessSignature of AZURE_STORAGE_CONNECTION_STRING";
  }
  return configuration;
}

std::expected<Configuration, std::string> from_account(const Environment& environment) {
  Configuration configuration;
  configuration.account.name = value_of(environment, "AZURE_STORAGE_ACCOUNT");
  const std::string& name = configuration.account.name;
  if (name.empty()) {
    return std::unexpected(
        "the storage account is not known: set AZURE_STORAGE_ACCOUNT (and "
        "AZURE_STORAGE_ACCESS_KEY, unless an identity is used) or "
        "AZURE_STORAGE_CONNECTION_STRING");
  }
  if (!is_account_name(name)) {
    return std::unexpected("AZURE_STORAGE_ACCOUNT is no name of a storage account");
  }
  std::string suffix = value_of(environment, "AZURE_BASE_URL");
  if (suffix.empty()) suffix = kPublicCloud;
  configuration.account.endpoint = endpoint_of(name, "https", suffix);
  if (!is_endpoint(configuration.account.endpoint)) {
    return std::unexpected("AZURE_BASE_URL is no domain: it is " + std::string(kPublicCloud) +
                           " if it is not set");
  }
  if (const std::string key = value_of(environment, "AZURE_STORAGE_ACCESS_KEY"); !key.empty()) {
    auto read = read_account_key(key);
    if (!read) return std::unexpected("AZURE_STORAGE_ACCESS_KEY is not base64");
    configuration.credentials = *std::move(read);
    configuration.source = "AZURE_STORAGE_ACCESS_KEY";
  } else if (name == kEmulatorAccount) {
    configuration.credentials = emulator_key();
    configuration.source = "the emulator's key";
  }
  return configuration;
}

}  // namespace

std::expected<Configuration, std::string> read_configuration(const Environment& environment) {
  const std::string text = value_of(environment, "AZURE_STORAGE_CONNECTION_STRING");
  auto configuration = text.empty() ? from_account(environment) : from_connection_string(text);
  if (!configuration) return configuration;

  configuration->api_version = value_of(environment, "AZURE_API_VERSION");
  std::string& version = configuration->api_version;
  if (version.empty()) version = kUsualVersion;
  if (!is_version(version) || version < kOldestVersion) {
    return std::unexpected("AZURE_API_VERSION is not a date from " + std::string(kOldestVersion) +
                           " on: it is " + std::string(kUsualVersion) + " if it is not set");
  }
  return configuration;
}

std::expected<std::string, std::string> clean_prefix(std::string_view prefix) {
  const bool rooted = prefix.starts_with('/');
  std::vector<std::string_view> segments;
  while (!prefix.empty()) {
    const std::string_view segment = prefix.substr(0, prefix.find('/'));
    prefix.remove_prefix(std::min(segment.size() + 1, prefix.size()));
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    } else if (!rooted) {
      return std::unexpected("it leads out of the container");
    }
  }
  std::string cleaned(rooted ? "/" : "");
  for (const std::string_view segment : segments) cleaned.append(segment).append("/");
  return cleaned;
}

}  // namespace chartmuseum::storage::microsoft
