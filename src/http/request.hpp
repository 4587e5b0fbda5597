// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "http/headers.hpp"
#include "http/spool.hpp"
#include "http/target.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::http {

enum class Method { get, head, post, put, delete_, options, patch, other };

/// Why a body could not be read to its end.
enum class BodyFailure {
  too_large,  // over the limit given: 413
  malformed,  // bad chunking, a Content-Length that does not hold: 400
  timed_out,  // --read-timeout is over: 408
  closed,     // the client is gone: nobody to answer
  no_space,   // the spool file could not be written: 507
};

/// The body of a request, read only when asked for: a client that sent "Expect: 100-continue"
/// is told to continue at the first read, and a body that nobody reads is never buffered.
class RequestBody {
 public:
  virtual ~RequestBody() = default;
  /// The next bytes, valid until the next call; empty at the end. Fails with too_large at the
  /// first byte over `limit` in total, or at once if Content-Length says it will come.
  virtual Task<std::expected<std::string_view, BodyFailure>> next(std::uint64_t limit) = 0;
};

/// One request. Holds no socket; `body` belongs to the connection and lives until the response
/// is returned.
struct Request {
  Method method = Method::get;
  std::string method_name;  // as sent
  Target target;            // decoded once
  Headers headers;
  /// Without port. The peer of the connection, or who a trusted proxy says its own client is.
  std::string client_address;
  std::string id;            // the client's X-Request-Id, or a fresh UUIDv4
  std::uint64_t number = 0;  // counts requests of this server, from 1
  /// With mutual TLS: the subject of the client's certificate, which was verified, as RFC 2253
  /// writes it: "CN=ci,O=example", the most specific part first.
  std::optional<std::string> client_certificate;
  RequestBody* body = nullptr;  // never null while a handler runs
};

/// The whole body in memory, or beyond `memory` in a file that has no name.
Task<std::expected<Spool, BodyFailure>> read_body(RequestBody& body, std::uint64_t limit,
                                                  SpoolMemory memory);

}  // namespace chartmuseum::http
