// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/headers.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace chartmuseum::http {

enum class Precondition { holds, not_modified, failed };

/// Weighs If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD
/// against ETag and Last-Modified of the 200 that would be sent, in the order of RFC 9110, 13.2.2.
/// Dates that do not parse are ignored.
[[nodiscard]] Precondition evaluate(const Headers& request, const Headers& response);

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};
struct WholeBody {
  bool operator==(const WholeBody&) const = default;
};
struct Unsatisfiable {
  bool operator==(const Unsatisfiable&) const = default;
};

/// What a GET's Range asks for, of a body of `size` bytes. Several ranges, units other than
/// bytes, a malformed Range, and an If-Range that does not fit all mean the whole body, as
/// RFC 9110, 14.2 allows.
[[nodiscard]] std::variant<WholeBody, ByteRange, Unsatisfiable> select_range(
    const Headers& request, const Headers& response, std::uint64_t size);

}  // namespace chartmuseum::http
