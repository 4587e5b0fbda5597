// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string_view>

namespace chartmuseum::encoding {

/// The order in which the reference writes the keys of a mapping: like text for people, where
/// "a2" comes before "a10". A strict weak order over UTF-8 texts.
[[nodiscard]] std::weak_ordering natural_order(std::string_view left, std::string_view right);

struct NaturalLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const {
    return natural_order(left, right) < 0;
  }
};

}  // namespace chartmuseum::encoding
