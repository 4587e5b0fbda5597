// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <string_view>

namespace chartmuseum::http {

/// 2xx and 3xx info, 404 warn, all else error, as the Go server does it.
[[nodiscard]] telemetry::Level access_level(unsigned status);

/// Writes "[<number>] Request served" with the Go server's fields, unless the log would drop it.
void log_access(const telemetry::Log& log, const Request& request, std::string_view path,
                unsigned status, std::string_view comment, std::chrono::nanoseconds latency,
                bool latency_as_integer);

}  // namespace chartmuseum::http
