// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::transport {

/// Why there is no response, or no whole one. A status, of whatever class, is a response.
enum class FailureKind {
  invalid,      // the request itself: its URL or headers, or its body cannot be read
  busy,         // too many requests are waiting already
  unresolved,   // no address for the server's or the proxy's name
  unreachable,  // no connection
  tls,          // no trust: handshake, certificate, files that were given
  timed_out,    // no connection, no response or no progress within the request's Timeouts
  broken,       // the connection ended too early, or what came was no HTTP
  too_large,    // more than the request allows
  cancelled,    // by the caller, or the client is being destroyed
};

struct Failure {
  FailureKind kind = FailureKind::broken;
  /// For the log: what was asked and what happened. Names hosts and paths; never queries, user
  /// information, headers or bodies.
  std::string detail;
};

template <class T>
using Result = std::expected<T, Failure>;

/// "timed out", for messages and labels.
[[nodiscard]] std::string_view name_of(FailureKind kind);

}  // namespace chartmuseum::transport
