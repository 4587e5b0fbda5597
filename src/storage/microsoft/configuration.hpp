// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"
#include "storage/remote/environment.hpp"

#include <expected>
#include <string>
#include <variant>

namespace chartmuseum::storage::microsoft {

/// A token for some identity is to be fetched (identities.hpp).
struct Identity {};

/// What the environment says of the account and how to prove that it may be used.
struct Configuration {
  Account account;
  std::variant<Identity, AccountKey, Sas> credentials;
  std::string source;  // of the credentials; for messages
  std::string api_version;
};

/// AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with or without
/// AZURE_STORAGE_ACCESS_KEY; AZURE_BASE_URL, AZURE_API_VERSION. Empty is unset. The error says what
/// to set.
[[nodiscard]] std::expected<Configuration, std::string> read_configuration(
    const Environment& environment);

/// `prefix` as Go's path.Join would put it before a key, ready to be put before one: "" or with "/"
/// at its end. A slash at its beginning stays. The error is that it leaves the container.
[[nodiscard]] std::expected<std::string, std::string> clean_prefix(std::string_view prefix);

}  // namespace chartmuseum::storage::microsoft
