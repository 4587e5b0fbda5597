// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage::microsoft {

/// What a connection string says of blobs.
struct Connection {
  Account account;
  std::optional<AccountKey> key;
  std::optional<Sas> sas;
};

/// The emulator's account, whose key everybody knows.
/// https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
inline constexpr std::string_view kEmulatorAccount = "devstoreaccount1";
[[nodiscard]] AccountKey emulator_key();

inline constexpr std::string_view kPublicCloud = "core.windows.net";

/// Where the blobs of `account` are: those of the emulator on this machine.
[[nodiscard]] std::string endpoint_of(std::string_view account, std::string_view scheme,
                                      std::string_view suffix);

/// `AccountKey` and the like: base64 of any number of bytes but none.
[[nodiscard]] std::optional<AccountKey> read_account_key(std::string_view text);

/// Whether it is http or https, and has neither user information nor a query.
[[nodiscard]] bool is_endpoint(std::string_view url);

/// Whether it can stand in a host's name.
[[nodiscard]] bool is_account_name(std::string_view name);

/// Reads "Name=value;Name=value". Names of other services' settings are left alone. The error says
/// what is wrong, without any value.
[[nodiscard]] std::expected<Connection, std::string> read_connection_string(std::string_view text);

}  // namespace chartmuseum::storage::microsoft
