// SPDX-License-Identifier: Apache-2.0
#include "encoding/natural_order.hpp"

#include "encoding/utf8.hpp"

#include <unicode/uchar.h>

#include <cstddef>
#include <cstdint>

namespace chartmuseum::encoding {

namespace {

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return u_isalpha(static_cast<UChar32>(c)) != 0;
}

bool is_digit(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return u_isdigit(static_cast<UChar32>(c)) != 0;
}

struct DigitRun {
  std::uint64_t number;
  std::size_t runes = 0;
};

/// Reads the digits at the front of `text` behind a `number` read before. Wraps around where it
/// is too large, and takes digits beyond ASCII for huge ones, as the reference does.
DigitRun read_digits(std::string_view text, std::uint64_t number) {
  DigitRun run{number};
  while (!text.empty()) {
    const Rune rune = first_rune(text);
    if (!is_digit(rune.value)) break;
    run.number = run.number * 10 + (rune.value - U'0');
    ++run.runes;
    text.remove_prefix(rune.size);
  }
  return run;
}

/// Whether the digits at the end of `text` hold one that is not zero.
bool ends_in_a_number(std::string_view text) {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    const char32_t last = first_rune(text.substr(start)).value;
    if (!is_digit(last)) return false;
    if (last != U'0') return true;
    text = text.substr(0, start);
  }
  return false;
}

}  // namespace

std::weak_ordering natural_order(std::string_view left, std::string_view right) {
  const std::string_view whole = left;
  while (!left.empty() && !right.empty()) {
    const Rune l = first_rune(left);
    const Rune r = first_rune(right);
    if (l.value == r.value) {
      left.remove_prefix(l.size);
      right.remove_prefix(r.size);
      continue;
    }
    const bool left_letter = is_letter(l.value);
    const bool right_letter = is_letter(r.value);
    if (left_letter && right_letter) return l.value <=> r.value;
    if (left_letter) return std::weak_ordering::greater;
    if (right_letter) return std::weak_ordering::less;

    // The numbers that differ here, without the digits that they share: a leading 1 stands for
    // these where only they tell that a 0 is no leading zero.
    const bool has_zero = l.value == U'0' || r.value == U'0';
    const std::string_view common = whole.substr(0, whole.size() - left.size());
    const std::uint64_t start = has_zero && ends_in_a_number(common) ? 1 : 0;
    const DigitRun left_run = read_digits(left, start);
    const DigitRun right_run = read_digits(right, start);
    if (left_run.number != right_run.number) {
      return static_cast<std::int64_t>(left_run.number) <=>
             static_cast<std::int64_t>(right_run.number);
    }
    if (left_run.runes != right_run.runes) return left_run.runes <=> right_run.runes;
    return l.value <=> r.value;
  }
  return left.empty() ? (right.empty() ? std::weak_ordering::equivalent : std::weak_ordering::less)
                      : std::weak_ordering::greater;
}

}  // namespace chartmuseum::encoding
