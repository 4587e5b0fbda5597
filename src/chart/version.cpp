// SPDX-License-Identifier: Apache-2.0
#include "chart/version.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace chartmuseum::chart {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_identifier_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  if (!is_number(text)) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

/// The part of `rest` before the first of `separators`; takes that part, not the separator.
std::string_view take_until(std::string_view& rest, std::string_view separators) {
  const std::string_view part = rest.substr(0, rest.find_first_of(separators));
  rest.remove_prefix(part.size());
  return part;
}

bool take(std::string_view& rest, char wanted) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(1);
  return true;
}

/// Whether `text` is identifiers with dots between them; of a pre-release, no number among them
/// has a leading zero (semver.org, items 9 and 10).
bool are_identifiers(std::string_view text, bool leading_zeros) {
  for (;;) {
    const std::string_view identifier = take_until(text, ".");
    if (identifier.empty() || !std::ranges::all_of(identifier, is_identifier_character)) {
      return false;
    }
    if (!leading_zeros && identifier.size() > 1 && identifier.front() == '0' &&
        is_number(identifier)) {
      return false;
    }
    if (!take(text, '.')) return true;
  }
}

std::weak_ordering compare_identifiers(std::string_view left, std::string_view right) {
  const auto left_number = to_number(left);
  const auto right_number = to_number(right);
  if (left_number && right_number) return *left_number <=> *right_number;
  if (left_number) return std::weak_ordering::less;
  if (right_number) return std::weak_ordering::greater;
  return left <=> right;
}

std::weak_ordering compare_prereleases(std::string_view left, std::string_view right) {
  // A version comes after its pre-releases.
  if (left.empty() || right.empty()) return left.empty() <=> right.empty();
  for (;;) {
    const auto order = compare_identifiers(take_until(left, "."), take_until(right, "."));
    if (order != 0) return order;
    const bool left_goes_on = take(left, '.');
    const bool right_goes_on = take(right, '.');
    if (!left_goes_on || !right_goes_on) return left_goes_on <=> right_goes_on;
  }
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  take(text, 'v');
  Version version;
  std::uint64_t* const numbers[] = {&version.major_, &version.minor_, &version.patch_};
  for (std::size_t part = 0; part < 3; ++part) {
    if (part > 0 && !take(text, '.')) break;
    const auto number = to_number(take_until(text, ".-+"));
    if (!number) return std::nullopt;
    *numbers[part] = *number;
  }
  if (take(text, '-')) {
    version.prerelease_ = take_until(text, "+");
    if (!are_identifiers(version.prerelease_, false)) return std::nullopt;
  }
  if (take(text, '+')) {
    if (!are_identifiers(text, true)) return std::nullopt;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return version;
}

std::optional<Version> Version::parse_strict(std::string_view text) {
  std::string_view rest = text;
  for (std::size_t part = 0; part < 3; ++part) {
    if (part > 0 && !take(rest, '.')) return std::nullopt;
    const std::string_view number = take_until(rest, ".-+");
    if (!is_number(number) || (number.size() > 1 && number.front() == '0')) return std::nullopt;
  }
  return parse(text);
}

std::weak_ordering Version::operator<=>(const Version& other) const {
  if (const auto order = major_ <=> other.major_; order != 0) return order;
  if (const auto order = minor_ <=> other.minor_; order != 0) return order;
  if (const auto order = patch_ <=> other.patch_; order != 0) return order;
  return compare_prereleases(prerelease_, other.prerelease_);
}

}  // namespace chartmuseum::chart
