// SPDX-License-Identifier: Apache-2.0
#include "encoding/utf8.hpp"

namespace chartmuseum::encoding {

namespace {

constexpr Rune kNoCharacter{0xFFFD, 1, false};

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

Rune first_rune(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  if (first < 0x80) return {first, 1, true};

  std::size_t size = 0;
  char32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    size = 2;
    value = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    value = first & 0x0F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    value = first & 0x07;
  } else {
    return kNoCharacter;
  }
  if (text.size() < size) return kNoCharacter;
  for (std::size_t i = 1; i < size; ++i) {
    const unsigned next = byte_at(text, i);
    if ((next & 0xC0) != 0x80) return kNoCharacter;
    value = (value << 6) | (next & 0x3F);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return kNoCharacter;
  return {value, size, true};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    if (!rune.valid) return false;
    text.remove_prefix(rune.size);
  }
  return true;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    out += rune.valid ? text.substr(0, rune.size) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(rune.size);
  }
  return out;
}

}  // namespace chartmuseum::encoding
