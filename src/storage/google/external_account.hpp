// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <expected>
#include <memory>
#include <string>

namespace chartmuseum::storage::google {

/// Somebody whom another identity provider vouches for: workload identity federation
/// (https://google.aip.dev/auth/4117). The provider's token, from a file or a URL, is exchanged for
/// Google's (RFC 8693), which may then be exchanged for a service account's. The file is read anew
/// each time: such tokens are replaced.
///
/// The error says what of a file of type "external_account" cannot be used: tokens of AWS, of
/// programs and of certificates cannot.
[[nodiscard]] std::expected<std::shared_ptr<TokenSource>, std::string> read_external_account(
    const boost::json::object& file, std::shared_ptr<transport::Client> client);

}  // namespace chartmuseum::storage::google
