// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace chartmuseum::auth {

/// RFC 5234's CTL, which RFC 7617 forbids in names and passwords, and no header can hold.
[[nodiscard]] constexpr bool is_control_character(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

[[nodiscard]] constexpr bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, is_control_character);
}

}  // namespace chartmuseum::auth
