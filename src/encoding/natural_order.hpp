// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string_view>

namespace chartmuseum::encoding {

/// The order in which the reference writes the keys of a mapping: like text for people, where
/// "a2" comes before "a10".
///
/// Not transitive, and so no strict weak order: "1a" < "2" < "11" < "1a". The reference's own
/// result is then left to chance. Sort with an algorithm that bears this (std::stable_sort; never
/// std::sort), from one fixed order, and search by another.
[[nodiscard]] std::weak_ordering natural_order(std::string_view left, std::string_view right);

struct NaturalLess {
  bool operator()(std::string_view left, std::string_view right) const {
    return natural_order(left, right) < 0;
  }
};

}  // namespace chartmuseum::encoding
