// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/account.hpp"
#include "storage/remote/authorizer.hpp"

#include <memory>

namespace chartmuseum::storage::microsoft {

/// Adds a shared access signature to the query of requests. It cannot be renewed.
[[nodiscard]] std::shared_ptr<Authorizer> make_sas_authorizer(Sas sas);

}  // namespace chartmuseum::storage::microsoft
