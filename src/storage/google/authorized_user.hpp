// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <expected>
#include <memory>
#include <string>

namespace chartmuseum::storage::google {

/// Somebody who has logged in by `gcloud auth application-default login`: a refresh token
/// (RFC 6749, section 6) is exchanged. Its scopes are those of the login. The error says what of a
/// file of type "authorized_user" cannot be used.
[[nodiscard]] std::expected<std::shared_ptr<TokenSource>, std::string> read_authorized_user(
    const boost::json::object& file, std::shared_ptr<transport::Client> client);

}  // namespace chartmuseum::storage::google
