// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "base/rope.hpp"
#include "base/task.hpp"
#include "http/headers.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace chartmuseum::http {

/// Part of an open file, sent with sendfile(2).
struct FileRange {
  std::shared_ptr<const FileDescriptor> file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// A body that is made while it is sent.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next bytes; empty at the end; nothing if they cannot be had (the connection is cut, so
  /// that the client does not take the part for the whole).
  virtual Task<std::optional<std::string>> next() = 0;
};

struct BodyStream {
  std::shared_ptr<BodySource> source;
  std::optional<std::uint64_t> length;  // chunked if unknown
};

/// A rope is shared, not copied: one of a large index has tens of thousands of pieces.
using Body =
    std::variant<std::monostate, std::string, std::shared_ptr<const Rope>, FileRange, BodyStream>;

/// One response. The server adds Date, Content-Length, Connection and X-Request-Id, drops the
/// body for HEAD, and turns a 200 with an ETag into 304 or 206 where the request asks for it.
struct Response {
  unsigned status = 200;
  Headers headers;
  Body body;
  std::string log_comment;  // for the access line: the cause of a failure; never sent
  bool log = true;          // false: no access line (health checks)
};

/// The reason phrase of a status: "Not Found".
[[nodiscard]] std::string_view reason(unsigned status);

/// `{"error":"<message>"}` as application/json; charset=utf-8.
[[nodiscard]] Response json_error(unsigned status, std::string_view message);

}  // namespace chartmuseum::http
