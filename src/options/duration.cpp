// SPDX-License-Identifier: Apache-2.0
#include "options/duration.hpp"

#include <array>
#include <cstdint>

namespace chartmuseum::options {

namespace {

// Go counts in an unsigned magnitude up to 2^63, so that the least duration can be written.
constexpr std::uint64_t kLargest = std::uint64_t{1} << 63;

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\u00b5s", 1'000},  // micro sign
                                      {"\u03bcs", 1'000},  // Greek letter mu
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// The whole digits at the front of `text`; nothing if they are too large.
std::optional<std::uint64_t> take_whole(std::string_view& text) {
  std::uint64_t number = 0;
  for (; !text.empty() && digit(text.front()); text.remove_prefix(1)) {
    if (number > kLargest / 10) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (number > kLargest) return std::nullopt;
  }
  return number;
}

struct Fraction {
  std::uint64_t digits = 0;
  double scale = 1;
};

/// The digits behind the point; those beyond what 63 bits hold are dropped, as in Go.
Fraction take_fraction(std::string_view& text) {
  Fraction fraction;
  bool full = false;
  for (; !text.empty() && digit(text.front()); text.remove_prefix(1)) {
    if (full || fraction.digits > (kLargest - 1) / 10) {
      full = true;
      continue;
    }
    const std::uint64_t next =
        fraction.digits * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (next > kLargest) {
      full = true;
      continue;
    }
    fraction.digits = next;
    fraction.scale *= 10;
  }
  return fraction;
}

std::optional<std::uint64_t> take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '.' && !digit(text[length])) ++length;
  for (const Unit& unit : kUnits) {
    if (unit.name != text.substr(0, length)) continue;
    text.remove_prefix(length);
    return unit.nanoseconds;
  }
  return std::nullopt;
}

/// One number with its unit, in nanoseconds.
std::optional<std::uint64_t> take_part(std::string_view& text) {
  const std::size_t before = text.size();
  const auto whole = take_whole(text);
  if (!whole) return std::nullopt;
  bool digits = text.size() != before;
  Fraction fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const std::size_t behind_point = text.size();
    fraction = take_fraction(text);
    digits = digits || text.size() != behind_point;
  }
  if (!digits) return std::nullopt;
  const auto unit = take_unit(text);
  if (!unit || *whole > kLargest / *unit) return std::nullopt;
  std::uint64_t total = *whole * *unit;
  if (fraction.digits > 0) {
    total += static_cast<std::uint64_t>(static_cast<double>(fraction.digits) *
                                        (static_cast<double>(*unit) / fraction.scale));
  }
  if (total > kLargest) return std::nullopt;
  return total;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part) return std::nullopt;
    total += *part;
    if (total > kLargest) return std::nullopt;
  }
  if (negative && total == kLargest) return std::chrono::nanoseconds::min();
  if (total > kLargest - 1) return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(total);
  return std::chrono::nanoseconds(negative ? -magnitude : magnitude);
}

}  // namespace chartmuseum::options
