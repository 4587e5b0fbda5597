// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/version.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// A range of versions as Helm's clients write it: "^1", "~0.9", "1.x", ">= 1.2, < 3 || 5", "*".
/// A pre-release fits only if the constraint names one.
class Constraint {
 public:
  /// Nothing if `text` is no constraint. Bounded: texts over 1,024 bytes are refused.
  [[nodiscard]] static std::optional<Constraint> parse(std::string_view text);

  [[nodiscard]] bool allows(const Version& version) const;

 private:
  struct Comparison;
  std::vector<std::vector<Comparison>> alternatives_;  // any of (all of ...)
};

}  // namespace chartmuseum::chart
