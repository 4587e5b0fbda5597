// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"
#include "storage/microsoft/service_clock.hpp"
#include "storage/remote/authorizer.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage::microsoft {

/// What is signed of a request that has all its headers.
/// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
[[nodiscard]] std::string shared_key_text(const transport::Request& request,
                                          const std::string& account);

/// Signs requests with the account's key.
[[nodiscard]] std::shared_ptr<Authorizer> make_shared_key_authorizer(
    std::string account, AccountKey key, std::shared_ptr<ServiceClock> clock);

}  // namespace chartmuseum::storage::microsoft
