// SPDX-License-Identifier: Apache-2.0
#include "http/duration.hpp"

#include <cstdint>

namespace chartmuseum::http {

namespace {

/// `value` of units that have `per_unit` parts, with as many decimals as it needs.
std::string decimal(std::uint64_t value, std::uint64_t per_unit) {
  std::string text = std::to_string(value / per_unit);
  std::uint64_t rest = value % per_unit;
  if (rest == 0) return text;
  text += '.';
  while (rest != 0) {
    rest *= 10;
    text += static_cast<char>('0' + rest / per_unit);
    rest %= per_unit;
  }
  return text;
}

}  // namespace

std::string format_duration(std::chrono::nanoseconds duration) {
  constexpr std::uint64_t kMicro = 1'000;
  constexpr std::uint64_t kMilli = 1'000'000;
  constexpr std::uint64_t kSecond = 1'000'000'000;
  if (duration.count() == 0) return "0s";
  const bool negative = duration.count() < 0;
  auto value = static_cast<std::uint64_t>(duration.count());
  if (negative) value = ~value + 1;
  std::string text = negative ? "-" : "";
  if (value < kMicro) return text + std::to_string(value) + "ns";
  if (value < kMilli) return text + decimal(value, kMicro) + "µs";
  if (value < kSecond) return text + decimal(value, kMilli) + "ms";
  const std::uint64_t minutes = value / kSecond / 60;
  if (minutes >= 60) text += std::to_string(minutes / 60) + 'h';
  if (minutes > 0) text += std::to_string(minutes % 60) + 'm';
  return text + decimal(value % (60 * kSecond), kSecond) + 's';
}

}  // namespace chartmuseum::http
