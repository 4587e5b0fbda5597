// SPDX-License-Identifier: Apache-2.0
#include "options/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <system_error>

namespace chartmuseum::options {

namespace {

constexpr std::size_t kLongestShown = 80;

bool letter(char c, char lower) {
  return c == lower || c == lower - 'a' + 'A';
}

/// Removes a prefix that names a base, and returns that base.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits.front() != '0') return 10;
  const char mark = digits[1];
  const int base = letter(mark, 'x') ? 16 : letter(mark, 'o') ? 8 : letter(mark, 'b') ? 2 : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

/// Without underscores; nothing where one does not stand between two digits.
std::optional<std::string> without_underscores(std::string_view digits) {
  std::string plain;
  char last = '0';  // a base prefix counts as a digit
  for (const char c : digits) {
    if (c == '_' && last == '_') return std::nullopt;
    if (c != '_') plain += c;
    last = c;
  }
  if (last == '_') return std::nullopt;
  return plain;
}

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('_')) return std::nullopt;
  const int base = take_base(text);
  const auto digits = without_underscores(text);
  if (!digits || digits->empty() || digits->front() == '-') return std::nullopt;
  std::uint64_t magnitude = 0;
  const char* end = digits->data() + digits->size();
  const auto [stop, error] = std::from_chars(digits->data(), end, magnitude, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMost + (negative ? 1 : 0)) return std::nullopt;
  if (!negative) return static_cast<std::int64_t>(magnitude);
  return magnitude > kMost ? std::numeric_limits<std::int64_t>::min()
                           : -static_cast<std::int64_t>(magnitude);
}

std::string harmless(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, kLongestShown)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return text.size() > kLongestShown ? shown + "..." : shown;
}

std::string printable(std::string_view text) {
  return '"' + harmless(text) + '"';
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> entries;
  while (!list.empty()) {
    entries.push_back(list.substr(0, list.find(',')));
    list.remove_prefix(std::min(list.size(), entries.back().size() + 1));
  }
  return entries;
}

}  // namespace chartmuseum::options
