// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/version.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// A range of versions as Helm's clients write it: "^1", "~0.9", "1.x", ">= 1.2, < 3 || 5",
/// "1.2 - 2.3", "*". Comma and space mean and. The grammar and its corner cases are those of
/// Masterminds semver 3.4 (https://github.com/Masterminds/semver#checking-version-constraints).
/// A pre-release fits only if one of the versions that are to hold together is a pre-release.
class Constraint {
 public:
  /// Nothing if `text` is no constraint (empty text is none). Bounded: texts over 1,024 bytes
  /// are refused.
  [[nodiscard]] static std::optional<Constraint> parse(std::string_view text);

  [[nodiscard]] bool allows(const Version& version) const;

 private:
  enum class Operator { equal, not_equal, greater, less, at_least, at_most, tilde, caret };
  /// The first part of a comparison's version that is left open: all of "*", minor of "1.x".
  enum class Open { all, minor, patch, none };

  struct Comparison {
    Operator comparison = Operator::equal;
    Version bound;
    Open open = Open::none;
  };

  struct Alternative {
    std::vector<Comparison> comparisons;  // all have to hold
    bool takes_prereleases = false;
  };

  static std::optional<Alternative> parse_alternative(std::string_view text);
  static std::optional<Comparison> parse_comparison(std::string_view& rest);
  static bool holds(const Comparison& comparison, const Version& version);
  static bool is_within_tilde(const Comparison& comparison, const Version& version);
  static bool is_within_caret(const Comparison& comparison, const Version& version);
  static bool differs(const Comparison& comparison, const Version& version);

  std::vector<Alternative> alternatives_;  // one of them has to hold
};

}  // namespace chartmuseum::chart
