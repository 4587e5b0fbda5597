// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

namespace chartmuseum {

std::optional<Utf8Character> first_utf8_character(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto byte = [&](std::size_t i) { return char32_t{static_cast<unsigned char>(text[i])}; };
  const char32_t first = byte(0);
  if (first < 0x80) return Utf8Character{first, 1};

  std::size_t size = 0;
  char32_t code = 0;
  char32_t lowest = 0;  // that needs so many bytes
  if ((first & 0xE0) == 0xC0) {
    size = 2;
    code = first & 0x1F;
    lowest = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    size = 3;
    code = first & 0x0F;
    lowest = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    size = 4;
    code = first & 0x07;
    lowest = 0x10000;
  }
  if (size == 0 || text.size() < size) return std::nullopt;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < lowest || surrogate || code > 0x10FFFF) return std::nullopt;
  return Utf8Character{code, size};
}

}  // namespace chartmuseum
