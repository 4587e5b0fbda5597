// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"
#include "http/response.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chartmuseum::http {

/// The size of a body; nothing for a stream of unknown length.
[[nodiscard]] std::optional<std::uint64_t> body_length(const Body& body);

/// Turns the 200 for a GET or HEAD that has an ETag or a Last-Modified into the 304, 412, 206 or
/// 416 that the request's conditions and its Range ask for (RFC 9110, 13 and 14).
void satisfy_conditions(const Request& request, Response& response);

/// How the end of a response shows (RFC 9112, 6).
struct Framing {
  bool body = true;  // false: for HEAD, and statuses that never have one
  bool chunked = false;
  bool keep_alive = true;  // afterwards
  bool http11 = true;      // what the client speaks
  bool secure = false;     // over TLS
};

/// Appends the status line and all fields. What the server itself has to say (Date,
/// Content-Length, Transfer-Encoding, Connection, X-Request-Id, and what keeps browsers from
/// guessing types or, once they came by HTTPS, from coming without it) is left out of the
/// response's own fields; a field that holds a line end or NUL is left out too, it would be read as
/// two.
void append_head(std::string& out, const Response& response, const Framing& framing,
                 std::string_view request_id);

}  // namespace chartmuseum::http
