// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum {

/// An instant to the nanosecond, as file systems keep it.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

[[nodiscard]] Timestamp now();

/// RFC 3339 in the server's zone ("Z" for UTC), with up to nine fraction digits, trailing zeros
/// cut, as the index's `created` has it: "2026-01-02T03:04:05.678Z".
[[nodiscard]] std::string format_rfc3339(Timestamp instant);

/// Reads RFC 3339 with any offset; nothing if `text` is not exactly that, or of a year
/// before 1678 or after 2261.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace chartmuseum
