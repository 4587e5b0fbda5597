// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/memory_budget.hpp"
#include "base/timestamp.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::api {

/// `body` as `content_type`.
[[nodiscard]] http::Response answer(std::string content_type, http::Body body);

/// `body` as application/json; charset=utf-8.
[[nodiscard]] http::Response json_answer(unsigned status, http::Body body);

/// Sets a strong ETag (RFC 9110, 8.8.3) from a text that changes whenever the bytes do; none if
/// the text is empty or cannot stand in one.
void set_etag(http::Response& response, std::string_view opaque);

/// Whether the conditions of a GET or HEAD (If-None-Match and its like) settle what is answered,
/// by the ETag of `response` alone: the server makes a 304 or 412 of it, and its body need not be
/// made.
[[nodiscard]] bool is_settled(const http::Request& request, const http::Response& response);

/// A body that was made for one client. It is taken from `memory` until it is sent, however slowly
/// the client reads; nothing if there is not enough left.
[[nodiscard]] std::optional<http::Body> bounded_body(std::shared_ptr<MemoryBudget> memory,
                                                     std::string text);

/// 503, for a while.
[[nodiscard]] http::Response too_busy();

/// Sets Last-Modified (RFC 9110, 8.8.2), cut to the second.
void set_last_modified(http::Response& response, Timestamp modified);

}  // namespace chartmuseum::api
