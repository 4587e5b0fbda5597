// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/credentials.hpp"

#include <optional>
#include <string_view>

namespace chartmuseum::storage::amazon {

/// {"AccessKeyId", "SecretAccessKey", "Token" or "SessionToken", "Expiration"}, as metadata
/// services and credential processes give them. Nothing if it is not that; without an Expiration
/// they last.
[[nodiscard]] std::optional<Expiring<Credentials>> read_credentials(std::string_view json);

}  // namespace chartmuseum::storage::amazon
