// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::http {

/// A file in a form.
struct FormPart {
  std::string name;  // of the field
  Spool content;
};

struct FormLimits {
  std::uint64_t size = 0;            // of the whole body
  SpoolMemory memory;                // of all parts together, before spooling to files
  std::size_t parts = 1000;          // more is malformed
  std::size_t header_bytes = 16384;  // of one part's header fields
};

/// The boundary of a multipart/form-data Content-Type (RFC 7578, RFC 2046 5.1.1); nothing if the
/// type is another or the boundary is missing or not allowed (1 to 70 visible characters).
[[nodiscard]] std::optional<std::string> form_boundary(std::string_view content_type);

/// Streams a form and keeps the files in the `wanted` fields, of each field the first. What has no
/// file name, as Go has it: after the last "/", is a plain field, read and dropped like all else.
/// Stops reading at the final boundary; a form without one is malformed.
Task<std::expected<std::vector<FormPart>, BodyFailure>> read_form(RequestBody& body,
                                                                  std::string boundary,
                                                                  std::vector<std::string> wanted,
                                                                  FormLimits limits);

}  // namespace chartmuseum::http
