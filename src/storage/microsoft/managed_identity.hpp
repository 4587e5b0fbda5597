// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/environment.hpp"
#include "transport/client.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage::microsoft {

/// For services next door, which no proxy reaches.
[[nodiscard]] std::shared_ptr<transport::Client> direct_client();

/// The request that both kinds of metadata service answer: for the identity of AZURE_CLIENT_ID, or
/// the only one that there is.
[[nodiscard]] transport::Request managed_identity_request(const Environment& environment,
                                                          const std::string& endpoint,
                                                          const std::string& api_version);

}  // namespace chartmuseum::storage::microsoft
