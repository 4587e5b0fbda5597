// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
[[nodiscard]] std::string format_http_date(std::chrono::sys_seconds instant);

/// Reads the three forms that RFC 9110, 5.6.7 asks a recipient to accept; nothing if `text` is
/// none of them. Two-digit years are of the last century from 70 on.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// Now, formatted once a second per thread.
[[nodiscard]] std::string_view current_http_date();

}  // namespace chartmuseum
