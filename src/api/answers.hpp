// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/timestamp.hpp"
#include "http/response.hpp"

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

/// Sets Last-Modified (RFC 9110, 8.8.2), cut to the second.
void set_last_modified(http::Response& response, Timestamp modified);

}  // namespace chartmuseum::api
