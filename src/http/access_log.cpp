// SPDX-License-Identifier: Apache-2.0
#include "http/access_log.hpp"

#include "http/duration.hpp"

#include <array>

namespace chartmuseum::http {

telemetry::Level access_level(unsigned status) {
  if (status < 400) return telemetry::Level::info;
  return status == 404 ? telemetry::Level::warn : telemetry::Level::error;
}

void log_access(const telemetry::Log& log, const Request& request, std::string_view path,
                unsigned status, std::string_view comment, std::chrono::nanoseconds latency,
                bool latency_as_integer) {
  const telemetry::Level level = access_level(status);
  if (!log.enabled(level)) return;
  std::string message = "[" + std::to_string(request.number);
  message += "] Request served";
  const std::string duration = latency_as_integer ? std::string() : format_duration(latency);
  telemetry::Field latency_field{"latency", std::string_view(duration)};
  if (latency_as_integer) latency_field.value = static_cast<std::int64_t>(latency.count());
  const std::array<telemetry::Field, 7> fields{
      {{"path", path},
       {"comment", comment},
       {"clientIP", std::string_view(request.client_address)},
       {"method", std::string_view(request.method_name)},
       {"statusCode", static_cast<std::int64_t>(status)},
       latency_field,
       {"reqID", std::string_view(request.id)}}};
  log.write(level, message, fields);
}

}  // namespace chartmuseum::http
