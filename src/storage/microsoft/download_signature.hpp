// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace chartmuseum::storage::microsoft {

/// Whoever has its signature may read one blob.
struct DownloadGrant {
  std::string account;
  std::string container;
  std::string blob;
  std::chrono::sys_seconds expires;
  bool https_only = true;
};

/// With what a bearer of tokens signs in the place of the account's key. All but the value are as
/// the service gave them.
struct DelegationKey {
  std::string object_id;
  std::string tenant_id;
  std::string start;
  std::string expiry;
  std::string service;
  std::string version;
  AccountKey value;
};

/// The version of signatures: the first that knows delegation keys. It binds no request.
inline constexpr std::string_view kSignatureVersion = "2018-11-09";

/// "2026-01-02T03:04:05Z"
[[nodiscard]] std::string format_utc(std::chrono::sys_seconds instant);

/// The query of a service SAS for a blob.
/// https://learn.microsoft.com/rest/api/storageservices/create-service-sas
[[nodiscard]] std::string service_sas(const DownloadGrant& grant, const AccountKey& key);

/// The query of a user delegation SAS for a blob.
/// https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
[[nodiscard]] std::string delegation_sas(const DownloadGrant& grant, const DelegationKey& key);

}  // namespace chartmuseum::storage::microsoft
