// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/renewed.hpp"
#include "transport/client.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage::microsoft {

/// What tokens are to be good for: https://storage.azure.com in all clouds.
inline constexpr std::string_view kStorageResource = "https://storage.azure.com/";

/// Reads the JSON that all who give tokens answer with (RFC 6749, 5.1): "access_token" and
/// "expires_in" in seconds, or "expires_on" since 1970, as numbers or texts. Nothing if it has no
/// token that can be sent, or none that is good any more.
[[nodiscard]] std::optional<Expiring<std::string>> read_token(
    std::string_view json, std::chrono::system_clock::time_point now);

/// What an answer without a token says, fit for a message: "invalid_client AADSTS7000215", or "".
[[nodiscard]] std::string token_error(std::string_view json);

/// Asks for a token, with retries. `who` is asked, and `check` is what the user can look after if
/// there is none.
Task<Result<Expiring<std::string>>> request_token(std::shared_ptr<transport::Client> client,
                                                  transport::Request request, std::string who,
                                                  std::string check);

}  // namespace chartmuseum::storage::microsoft
