// SPDX-License-Identifier: Apache-2.0
#include "encoding/utf8.hpp"

#include "base/utf8.hpp"

namespace chartmuseum::encoding {

Rune first_rune(std::string_view text) {
  const auto character = first_utf8_character(text);
  return character ? Rune{character->code, character->size, true} : Rune{0xFFFD, 1, false};
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
