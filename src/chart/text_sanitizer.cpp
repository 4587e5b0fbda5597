// SPDX-License-Identifier: Apache-2.0
#include "chart/text_sanitizer.hpp"

#include "encoding/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace chartmuseum::chart {
namespace {

bool is_printable(char32_t rune) {
  const auto code = static_cast<UChar32>(rune);
  constexpr std::uint32_t printable =
      U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK;
  return code == ' ' || (U_GET_GC_MASK(code) & printable) != 0;
}

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

void append_hex(std::string& out, std::string_view prefix, std::uint32_t number, int digits) {
  out += prefix;
  for (int digit = digits - 1; digit >= 0; --digit) {
    out += "0123456789abcdef"[(number >> (4 * digit)) & 0xF];
  }
}

/// `rune` was read from `bytes`.
void append_escaped(std::string& out, const encoding::Rune& rune, std::string_view bytes) {
  static constexpr std::string_view controls = "\a\b\t\n\v\f\r";
  static constexpr std::string_view letters = "abtnvfr";
  const auto code = static_cast<std::uint32_t>(rune.value);
  if (!rune.valid) {
    append_hex(out, "\\x", static_cast<unsigned char>(bytes.front()), 2);
  } else if (code == '"' || code == '\\') {
    out.append("\\").append(bytes);
  } else if (const auto at = controls.find(bytes); at != std::string_view::npos) {
    out.append("\\").append(1, letters[at]);
  } else if (is_printable(rune.value)) {
    out += bytes;
  } else if (code < 0x20 || code == 0x7F) {
    append_hex(out, "\\x", code, 2);
  } else if (code < 0x10000) {
    append_hex(out, "\\u", code, 4);
  } else {
    append_hex(out, "\\U", code, 8);
  }
}

}  // namespace

void sanitize(std::string& text) {
  const auto odd = std::ranges::find_if_not(text, is_plain);
  if (odd == text.end()) return;

  std::string clean(text.begin(), odd);
  clean.reserve(text.size());
  std::string_view rest(odd, text.end());
  while (!rest.empty()) {
    const encoding::Rune rune = encoding::first_rune(rest);
    if (!rune.valid) {
      clean += "\xEF\xBF\xBD";
    } else if (u_isUWhiteSpace(static_cast<UChar32>(rune.value)) != 0) {
      clean += ' ';
    } else if (is_printable(rune.value)) {
      clean += rest.substr(0, rune.size);
    }
    rest.remove_prefix(rune.size);
  }
  text = std::move(clean);
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const encoding::Rune rune = encoding::first_rune(text);
    append_escaped(out, rune, text.substr(0, rune.size));
    text.remove_prefix(rune.size);
  }
  out += '"';
  return out;
}

}  // namespace chartmuseum::chart
