// SPDX-License-Identifier: Apache-2.0
#include "telemetry/line_layout.hpp"

#include "base/utf8.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <ctime>

namespace chartmuseum::telemetry {

namespace {

// A hostile text can grow sixfold when it is escaped; what waits in the queue stays bounded.
constexpr std::size_t kLongestText = 2048;

struct LevelName {
  std::string_view plain;
  std::string_view coloured;
};

const LevelName& name(Level level) {
  static constexpr std::array<LevelName, 4> kNames{{{"DEBUG", "\x1b[35mDEBUG\x1b[0m"},
                                                    {"INFO", "\x1b[34mINFO\x1b[0m"},
                                                    {"WARN", "\x1b[33mWARN\x1b[0m"},
                                                    {"ERROR", "\x1b[31mERROR\x1b[0m"}}};
  return kNames[static_cast<std::size_t>(level)];
}

/// What a terminal or a viewer would obey instead of showing: C1 controls, line and paragraph
/// separators, and the marks that turn the direction of writing.
bool obeyed(std::uint32_t code) {
  return (code >= 0x80 && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_escape(std::string& line, std::uint32_t code) {
  static constexpr char kDigits[] = "0123456789abcdef";
  line += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) line += kDigits[(code >> shift) & 15];
}

void append_control(std::string& line, char c) {
  switch (c) {
    case '\n':
      line += "\\n";
      break;
    case '\r':
      line += "\\r";
      break;
    case '\t':
      line += "\\t";
      break;
    default:
      append_escape(line, static_cast<std::uint8_t>(c));
  }
}

/// Bytes that stand for themselves: in plain text, and inside a JSON string.
struct PlainBytes {
  std::array<bool, 256> text{};
  std::array<bool, 256> quoted{};

  constexpr PlainBytes() {
    for (std::size_t byte = 0x20; byte < 0x7F; ++byte) {
      text[byte] = true;
      quoted[byte] = byte != '"' && byte != '\\';
    }
  }
};
constexpr PlainBytes kPlain;

/// Appends `text` so that it can neither end the line nor steer a terminal; with `quoted`, as the
/// inside of a JSON string.
void append_text(std::string& line, std::string_view text, bool quoted) {
  const std::array<bool, 256>& plain = quoted ? kPlain.quoted : kPlain.text;
  const bool cut = text.size() > kLongestText;
  if (cut) text = text.substr(0, kLongestText);
  while (!text.empty()) {
    std::size_t i = 0;
    while (i < text.size() && plain[static_cast<std::uint8_t>(text[i])]) ++i;
    line += text.substr(0, i);
    text.remove_prefix(i);
    if (text.empty()) break;

    const char c = text.front();
    if (static_cast<std::uint8_t>(c) < 0x80) {
      if (c == '"' || c == '\\') {
        line += '\\';
        line += c;
      } else {
        append_control(line, c);
      }
      text.remove_prefix(1);
      continue;
    }
    const auto character = first_utf8_character(text);
    if (!character) {
      if (cut && text.size() < 4) break;  // the letter that was cut through
      append_escape(line, 0xFFFD);
      text.remove_prefix(1);
      continue;
    }
    if (obeyed(character->code)) {
      append_escape(line, character->code);
    } else {
      line += text.substr(0, character->size);
    }
    text.remove_prefix(character->size);
  }
  if (cut) line += "...";
}

template <class Number, class... Format>
void append_number(std::string& line, Number number, Format... format) {
  std::array<char, 400> digits{};  // the longest double in plain digits has 326
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, format...);
  line.append(digits.data(), end.ptr);
}

void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  append_text(line, text, true);
  line += '"';
}

struct ValueAppender {
  std::string& line;

  void operator()(std::string_view text) const { append_quoted(line, text); }
  void operator()(std::int64_t number) const { append_number(line, number); }
  void operator()(bool value) const { line += value ? "true" : "false"; }
  void operator()(double number) const {
    if (std::isnan(number)) {
      line += "\"NaN\"";
    } else if (std::isinf(number)) {
      line += number > 0 ? "\"+Inf\"" : "\"-Inf\"";
    } else {
      append_number(line, number, std::chars_format::fixed);
    }
  }
};

void put_two(char* place, unsigned number) {
  place[0] = static_cast<char>('0' + number / 10 % 10);
  place[1] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::int64_t LineLayout::zone_offset(std::int64_t seconds) const {
  static constexpr std::int64_t kDay = 86400;
  const auto quarter = static_cast<std::uint32_t>(seconds / 900);
  const std::uint64_t known = zone_.load(std::memory_order_relaxed);
  if (static_cast<std::uint32_t>(known >> 32) == quarter) {
    return static_cast<std::int64_t>(known & 0xFFFFFFFF) - kDay;
  }
  const std::time_t time = seconds;
  std::tm local{};
  localtime_r(&time, &local);
  zone_.store(std::uint64_t{quarter} << 32 | static_cast<std::uint64_t>(local.tm_gmtoff + kDay),
              std::memory_order_relaxed);
  return local.tm_gmtoff;
}

/// ISO 8601 to the millisecond: "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678-0500".
void LineLayout::append_time(std::string& line, Timestamp instant) const {
  using namespace std::chrono;
  const std::int64_t offset = zone_offset(floor<seconds>(instant).time_since_epoch().count());
  const auto local = floor<milliseconds>(instant) + seconds(offset);
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const auto millisecond = static_cast<unsigned>(time.subseconds().count());
  const auto minutes = static_cast<unsigned>((offset < 0 ? -offset : offset) / 60);

  char text[] = "0000-00-00T00:00:00.000+0000";
  put_two(text, year / 100);
  put_two(text + 2, year % 100);
  put_two(text + 5, static_cast<unsigned>(date.month()));
  put_two(text + 8, static_cast<unsigned>(date.day()));
  put_two(text + 11, static_cast<unsigned>(time.hours().count()));
  put_two(text + 14, static_cast<unsigned>(time.minutes().count()));
  put_two(text + 17, static_cast<unsigned>(time.seconds().count()));
  put_two(text + 20, millisecond / 10);
  text[22] = static_cast<char>('0' + millisecond % 10);
  text[23] = offset == 0 ? 'Z' : offset < 0 ? '-' : '+';
  put_two(text + 24, minutes / 60);
  put_two(text + 26, minutes % 60);
  line += std::string_view(text, offset == 0 ? 24 : 28);
}

void LineLayout::format(std::string& line, Timestamp instant, Level level, std::string_view message,
                        std::span<const Field> fields) const {
  if (json_) {
    line += "{\"L\":\"";
    line += name(level).plain;
    line += "\",\"T\":\"";
    append_time(line, instant);
    line += "\",\"M\":";
    append_quoted(line, message);
  } else {
    append_time(line, instant);
    line += '\t';
    line += colour_ ? name(level).coloured : name(level).plain;
    line += '\t';
    append_text(line, message, false);
    if (!fields.empty()) line += "\t{";
  }
  std::string_view before = json_ ? ",\"" : "\"";
  for (const Field& field : fields) {
    line += before;
    append_text(line, field.key, true);
    line += json_ ? "\":" : "\": ";
    std::visit(ValueAppender{line}, field.value);
    before = json_ ? ",\"" : ", \"";
  }
  if (json_ || !fields.empty()) line += '}';
}

}  // namespace chartmuseum::telemetry
