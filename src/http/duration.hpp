// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace chartmuseum::http {

/// As Go's time.Duration prints itself: "68.5µs", "1.2ms", "3s", "1m2.5s", "1h0m0s".
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace chartmuseum::http
