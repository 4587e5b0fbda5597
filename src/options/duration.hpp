// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace chartmuseum::options {

/// Reads a duration as Go's time.ParseDuration does: numbers with units ("1h30m", "300ms",
/// "1.5h", "-5s"; units ns, us, µs, ms, s, m, h), or a bare "0". Nothing if `text` is not exactly
/// that or does not fit 64 bits of nanoseconds.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace chartmuseum::options
