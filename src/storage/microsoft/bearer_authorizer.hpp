// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/authorizer.hpp"
#include "storage/remote/renewed.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace chartmuseum::storage::microsoft {

/// Fetches a token of Microsoft Entra for Azure Storage.
using FetchToken = Renewed<std::string>::Fetch;

/// Sends a token with each request; a new one in good time before it expires, or when the service
/// refuses it.
/// https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
[[nodiscard]] std::shared_ptr<Authorizer> make_bearer_authorizer(
    FetchToken fetch,
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now);

}  // namespace chartmuseum::storage::microsoft
