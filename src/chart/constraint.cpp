// SPDX-License-Identifier: Apache-2.0
#include "chart/constraint.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace chartmuseum::chart {
namespace {

constexpr std::size_t longest_text = 1024;
constexpr std::string_view white_space = "\t\n\f\r ";
// That a single "|" counts as a digit here follows from the library's pattern; no number has one,
// so it only ever leads to a refusal.
constexpr std::string_view digits = "0123456789xX*|";
constexpr std::string_view identifiers =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

/// Takes and returns what `rest` begins with of `characters`.
std::string_view take_all(std::string_view& rest, std::string_view characters) {
  const std::string_view taken =
      rest.substr(0, std::min(rest.find_first_not_of(characters), rest.size()));
  rest.remove_prefix(taken.size());
  return taken;
}

bool take(std::string_view& rest, std::string_view wanted) {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(wanted.size());
  return true;
}

/// A version with open parts as it stands in a constraint: "1", "1.x", "v1.2.3-rc.1+b".
struct VersionPattern {
  std::string_view text;
  std::string_view major;
  std::string_view minor;
  std::string_view patch;
  std::string_view prerelease;  // with its dash
};

/// Takes `mark` and the identifiers after it, or nothing.
std::string_view take_identifiers(std::string_view& rest, std::string_view mark) {
  const std::string_view begin = rest;
  std::string_view ahead = rest;
  if (!take(ahead, mark) || take_all(ahead, identifiers).empty()) return {};
  rest = ahead;
  while (take(ahead, ".") && !take_all(ahead, identifiers).empty()) rest = ahead;
  return begin.substr(0, begin.size() - rest.size());
}

std::string_view take_number(std::string_view& rest) {
  std::string_view ahead = rest;
  if (!take(ahead, ".")) return {};
  const std::string_view number = take_all(ahead, digits);
  if (!number.empty()) rest = ahead;
  return number;
}

std::optional<VersionPattern> take_version(std::string_view& rest) {
  const std::string_view begin = rest;
  std::string_view ahead = rest;
  take(ahead, "v");
  VersionPattern pattern;
  pattern.major = take_all(ahead, digits);
  if (pattern.major.empty()) return std::nullopt;
  pattern.minor = take_number(ahead);
  if (!pattern.minor.empty()) pattern.patch = take_number(ahead);
  pattern.prerelease = take_identifiers(ahead, "-");
  take_identifiers(ahead, "+");
  rest = ahead;
  pattern.text = begin.substr(0, begin.size() - rest.size());
  return pattern;
}

bool is_open(std::string_view part) {
  return part.empty() || part == "x" || part == "X" || part == "*";
}

/// A hyphen range: "1.2 - 2.3" with the white space around it.
struct HyphenRange {
  std::string_view text;
  std::string_view from;
  std::string_view to;
};

std::optional<HyphenRange> range_at(std::string_view rest) {
  const std::string_view begin = rest;
  take_all(rest, white_space);
  const auto from = take_version(rest);
  if (!from || take_all(rest, white_space).empty() || !take(rest, "-")) return std::nullopt;
  if (take_all(rest, white_space).empty()) return std::nullopt;
  const auto to = take_version(rest);
  if (!to) return std::nullopt;
  take_all(rest, white_space);
  return HyphenRange{begin.substr(0, begin.size() - rest.size()), from->text, to->text};
}

/// Writes hyphen ranges as two comparisons, wherever they stand.
std::string without_hyphen_ranges(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (const auto range = range_at(text)) {
      out.append(">= ").append(range->from).append(", <= ").append(range->to).append(" ");
      text.remove_prefix(range->text.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

std::optional<Constraint> Constraint::parse(std::string_view text) {
  if (text.size() > longest_text) return std::nullopt;
  const std::string plain = without_hyphen_ranges(text);
  Constraint constraint;
  for (std::string_view rest = plain;;) {
    const std::size_t end = rest.find("||");
    auto alternative = parse_alternative(rest.substr(0, end));
    if (!alternative) return std::nullopt;
    constraint.alternatives_.push_back(*std::move(alternative));
    if (end == std::string_view::npos) return constraint;
    rest.remove_prefix(end + 2);
  }
}

std::optional<Constraint::Alternative> Constraint::parse_alternative(std::string_view text) {
  Alternative alternative;
  take_all(text, white_space);
  for (;;) {
    auto comparison = parse_comparison(text);
    if (!comparison) return std::nullopt;
    alternative.takes_prereleases |= !comparison->bound.prerelease().empty();
    alternative.comparisons.push_back(*std::move(comparison));

    bool separated = !take_all(text, white_space).empty();
    if (text.empty()) return alternative;
    if (take(text, ",")) {
      separated = true;
      take_all(text, white_space);
    }
    if (!separated) return std::nullopt;
  }
}

std::optional<Constraint::Comparison> Constraint::parse_comparison(std::string_view& rest) {
  // Longer spellings first.
  static constexpr std::pair<std::string_view, Operator> spellings[] = {
      {"!=", Operator::not_equal}, {">=", Operator::at_least}, {"=>", Operator::at_least},
      {"<=", Operator::at_most},   {"=<", Operator::at_most},  {"~>", Operator::tilde},
      {"=", Operator::equal},      {">", Operator::greater},   {"<", Operator::less},
      {"~", Operator::tilde},      {"^", Operator::caret},     {"", Operator::equal},
  };
  Comparison result;
  for (const auto& [spelling, comparison] : spellings) {
    if (!take(rest, spelling)) continue;
    result.comparison = comparison;
    break;
  }
  take_all(rest, white_space);
  const auto pattern = take_version(rest);
  if (!pattern) return std::nullopt;

  std::string bound(pattern->text);
  if (is_open(pattern->major)) {
    result.open = Open::all;
    bound = "0.0.0";
  } else if (is_open(pattern->minor)) {
    result.open = Open::minor;
    bound = std::string(pattern->major) + ".0.0";
  } else if (is_open(pattern->patch)) {
    result.open = Open::patch;
    bound = std::string(pattern->major) + "." + std::string(pattern->minor) + ".0";
  }
  if (result.open != Open::none) bound += pattern->prerelease;
  auto version = Version::parse(bound);
  if (!version) return std::nullopt;
  result.bound = *std::move(version);
  return result;
}

bool Constraint::allows(const Version& version) const {
  return std::ranges::any_of(alternatives_, [&](const Alternative& alternative) {
    if (!version.prerelease().empty() && !alternative.takes_prereleases) return false;
    return std::ranges::all_of(alternative.comparisons, [&](const Comparison& comparison) {
      return holds(comparison, version);
    });
  });
}

bool Constraint::holds(const Comparison& comparison, const Version& version) {
  const Version& bound = comparison.bound;
  switch (comparison.comparison) {
    case Operator::equal:
      return comparison.open == Open::none ? version == bound
                                           : is_within_tilde(comparison, version);
    case Operator::not_equal:
      return differs(comparison, version);
    case Operator::greater:
      // ">11" begins at 12.0.0, ">11.1" at 11.2.0.
      if (version.major() == bound.major() && comparison.open == Open::minor) return false;
      if (version.major() == bound.major() && comparison.open == Open::patch) {
        return version.minor() > bound.minor();
      }
      if (comparison.open != Open::none && version.major() != bound.major()) {
        return version.major() > bound.major();
      }
      return version > bound;
    case Operator::less:
      return version < bound;
    case Operator::at_least:
      return version >= bound;
    case Operator::at_most:
      if (comparison.open == Open::none) return version <= bound;
      // "<=11" takes all of 11, "<=11.1" all of 11.1.
      if (version.major() != bound.major()) return version.major() < bound.major();
      return comparison.open == Open::minor || version.minor() <= bound.minor();
    case Operator::tilde:
      return is_within_tilde(comparison, version);
    case Operator::caret:
      return is_within_caret(comparison, version);
  }
  return false;
}

bool Constraint::is_within_tilde(const Comparison& comparison, const Version& version) {
  const Version& bound = comparison.bound;
  if (version < bound) return false;
  // "~0.0.0" is like "*": so it is in the library.
  const bool is_whole = comparison.open == Open::all || comparison.open == Open::none;
  if (is_whole && bound.major() == 0 && bound.minor() == 0 && bound.patch() == 0) return true;
  return version.major() == bound.major() &&
         (version.minor() == bound.minor() || comparison.open == Open::minor);
}

bool Constraint::is_within_caret(const Comparison& comparison, const Version& version) {
  const Version& bound = comparison.bound;
  if (version < bound) return false;
  if (bound.major() > 0 || comparison.open == Open::minor) return version.major() == bound.major();
  // Below 1.0.0 the minor, below 0.1.0 the patch version says what is compatible.
  if (version.major() > 0) return false;
  if (bound.minor() > 0 || comparison.open == Open::patch) return version.minor() == bound.minor();
  return version.minor() == 0 && version.patch() == bound.patch();
}

bool Constraint::differs(const Comparison& comparison, const Version& version) {
  const Version& bound = comparison.bound;
  if (comparison.open == Open::none) return version != bound;
  if (version.major() != bound.major()) return true;
  if (comparison.open == Open::minor) return false;
  if (version.minor() != bound.minor()) return true;
  if (comparison.open == Open::patch) return version.prerelease() != bound.prerelease();
  return version != bound;
}

}  // namespace chartmuseum::chart
