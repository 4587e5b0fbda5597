// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/failure.hpp"
#include "storage/remote/renewed.hpp"
#include "storage/remote/uri.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::storage::google {

/// Whether secrets may be sent to `url`: it is https, or http to this machine itself. So that a
/// file of credentials cannot have them sent in the clear.
[[nodiscard]] bool may_be_told_secrets(std::string_view url);

/// A member that is such a URL, or `fallback` where there is none; the error says which member is
/// wrong.
[[nodiscard]] std::expected<std::string, std::string> url_member(const boost::json::object& object,
                                                                 std::string_view name,
                                                                 std::string_view fallback = {});

/// POSTs a form (RFC 6749, 4.1.3).
[[nodiscard]] transport::Request form_request(std::string url, const QueryParameters& form);

/// Sends what asks for a token, repeatedly if need be; it changes nothing. The response has been
/// had, whatever its status.
Task<Result<transport::Response>> ask_for_token(std::shared_ptr<transport::Client> client,
                                                transport::Request request);

/// The answer of OAuth 2.0 (RFC 6749, 5.1; RFC 8693, 2.2.1): access_token and expires_in. Of a
/// refusal, what it says. `asked` names who was asked, for the detail.
[[nodiscard]] Result<Expiring<std::string>> token_in(const transport::Response& answer,
                                                     const std::string& asked);

/// What an answer other than 200 means for whoever wanted a token.
[[nodiscard]] Failure token_refusal(const transport::Response& answer, const std::string& asked);

/// Whether it can stand in a header.
[[nodiscard]] bool is_token_text(std::string_view token);

}  // namespace chartmuseum::storage::google
