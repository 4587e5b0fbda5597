// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace chartmuseum::options {

/// The candidate that `word` was most likely meant to be: the one with the fewest letters added,
/// left out, changed or swapped with their neighbour, if these are few enough to be slips.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace chartmuseum::options
