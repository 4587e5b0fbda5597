// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/google_credentials.hpp"
#include "storage/remote/authorizer.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace chartmuseum::storage::google {

/// Adds an access token, which is renewed five minutes before its end, and when it is refused.
[[nodiscard]] std::shared_ptr<Authorizer> make_google_authorizer(
    GoogleCredentials credentials,
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now);

/// For emulators, which ask for nothing.
[[nodiscard]] std::shared_ptr<Authorizer> make_no_authorizer();

}  // namespace chartmuseum::storage::google
