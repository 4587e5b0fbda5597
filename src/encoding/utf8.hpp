// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

struct Rune {
  char32_t value;    // U+FFFD where the bytes are no character
  std::size_t size;  // bytes taken; 1 where they are no character
  bool valid;
};

/// The first character of `text`, which must not be empty, by RFC 3629 (no surrogates, no
/// overlong forms). As in Go, each byte that begins no character counts on its own.
[[nodiscard]] Rune first_rune(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// `text` with U+FFFD for every byte that is part of no character.
[[nodiscard]] std::string replace_invalid_utf8(std::string_view text);

}  // namespace chartmuseum::encoding
