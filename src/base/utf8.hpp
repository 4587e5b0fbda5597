// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace chartmuseum {

struct Utf8Character {
  char32_t code = 0;
  std::size_t size = 0;  // bytes
};

/// The character that `text` begins with, by RFC 3629 (no surrogates, no overlong forms, nothing
/// beyond U+10FFFF); nothing if it begins with none, or is empty.
[[nodiscard]] std::optional<Utf8Character> first_utf8_character(std::string_view text);

}  // namespace chartmuseum
