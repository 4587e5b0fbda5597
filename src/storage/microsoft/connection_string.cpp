// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/connection_string.hpp"

#include "base/ascii.hpp"
#include "storage/remote/hashes.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace chartmuseum::storage::microsoft {

namespace {

using Settings = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::string_view kBlank = " \t\r\n";

std::expected<Settings, std::string> split(std::string_view text) {
  Settings settings;
  while (!text.empty()) {
    std::string_view setting = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(setting.size() + 1, text.size()));
    setting.remove_prefix(std::min(setting.find_first_not_of(kBlank), setting.size()));
    if (setting.empty()) continue;
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos) {
      return std::unexpected("it has a part without \"=\"");
    }
    std::string_view value = setting.substr(equals + 1);
    value = value.substr(0, value.find_last_not_of(kBlank) + 1);
    settings.emplace_back(setting.substr(0, equals), value);
  }
  return settings;
}

std::string_view value_of(const Settings& settings, std::string_view name) {
  for (const auto& [given, value] : settings) {
    if (equal_ignoring_case(given, name)) return value;
  }
  return {};
}

bool can_stand_in_a_url(std::string_view text, std::string_view except) {
  return std::ranges::all_of(text,
                             [&](char c) { return c > ' ' && c < '\x7f' && !except.contains(c); });
}

bool is_query(std::string_view text) {
  return can_stand_in_a_url(text, "?#\"");
}

}  // namespace

AccountKey emulator_key() {
  return *read_account_key(
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");
}

std::string endpoint_of(std::string_view account, std::string_view scheme,
                        std::string_view suffix) {
  std::string endpoint(scheme);
  if (account == kEmulatorAccount) {
    return endpoint.append("://127.0.0.1:10000/").append(account);
  }
  return endpoint.append("://").append(account).append(".blob.").append(suffix);
}

bool is_endpoint(std::string_view url) {
  return (transport::has_scheme(url, "http") || transport::has_scheme(url, "https")) &&
         can_stand_in_a_url(url, "?#@\\\"");
}

std::optional<AccountKey> read_account_key(std::string_view text) {
  auto bytes = from_base64(text);
  if (!bytes || bytes->empty()) return std::nullopt;
  return AccountKey{std::move(*bytes)};
}

bool is_account_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-';
  });
}

std::expected<Connection, std::string> read_connection_string(std::string_view text) {
  const auto settings = split(text);
  if (!settings) return std::unexpected(settings.error());
  const auto get = [&](std::string_view name) { return value_of(*settings, name); };

  Connection connection;
  connection.account.name = get("AccountName");
  std::string_view scheme = get("DefaultEndpointsProtocol");
  if (scheme.empty()) scheme = "https";
  if (equal_ignoring_case(get("UseDevelopmentStorage"), "true")) {
    if (!get("DevelopmentStorageProxyUri").empty()) {
      return std::unexpected("DevelopmentStorageProxyUri is not supported: name a BlobEndpoint");
    }
    connection.account.name = kEmulatorAccount;
    scheme = "http";
  }
  const std::string& name = connection.account.name;
  if (!name.empty() && !is_account_name(name)) {
    return std::unexpected("AccountName is no name of a storage account");
  }

  std::string endpoint(get("BlobEndpoint"));
  if (endpoint.empty()) {
    if (name.empty()) return std::unexpected("it has neither AccountName nor BlobEndpoint");
    std::string_view suffix = get("EndpointSuffix");
    if (suffix.empty()) suffix = kPublicCloud;
    endpoint = endpoint_of(name, scheme, suffix);
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (!is_endpoint(endpoint)) {
    return std::unexpected("its endpoint is no http or https URL without a query");
  }
  connection.account.endpoint = std::move(endpoint);

  if (const std::string_view key = get("AccountKey"); !key.empty()) {
    connection.key = read_account_key(key);
    if (!connection.key) return std::unexpected("AccountKey is not base64");
    if (name.empty()) return std::unexpected("it has an AccountKey, but no AccountName");
  } else if (name == kEmulatorAccount) {
    connection.key = emulator_key();
  }
  std::string_view sas = get("SharedAccessSignature");
  if (sas.starts_with('?')) sas.remove_prefix(1);
  if (!sas.empty()) {
    if (!is_query(sas)) return std::unexpected("SharedAccessSignature is no query of a URL");
    connection.sas = Sas{std::string(sas)};
  }
  return connection;
}

}  // namespace chartmuseum::storage::microsoft
