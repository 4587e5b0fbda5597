// SPDX-License-Identifier: Apache-2.0
#include "chart/lock_timestamp.hpp"

#include <chrono>
#include <cstddef>

namespace chartmuseum::chart {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte >= 0x80) {
      out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
  return out;
}

/// Reads from left to right and keeps the first problem.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  void literal(std::string_view wanted) {
    if (!problem_.empty()) return;
    if (rest_.starts_with(wanted)) {
      rest_.remove_prefix(wanted.size());
    } else {
      cannot_parse(wanted);
    }
  }

  /// A number of `digits` digits, or of one less if it `may_be_shorter`.
  int number(std::size_t digits, std::string_view layout, bool may_be_shorter = false) {
    if (!problem_.empty()) return 0;
    int value = 0;
    std::size_t length = 0;
    while (length < digits && length < rest_.size() && is_digit(rest_[length])) {
      value = value * 10 + (rest_[length++] - '0');
    }
    if (length < digits && !(may_be_shorter && length + 1 == digits && length > 0)) {
      cannot_parse(layout);
      return 0;
    }
    rest_.remove_prefix(length);
    return value;
  }

  void fraction() {
    if (!problem_.empty() || rest_.size() < 2 || !is_digit(rest_[1])) return;
    if (rest_.front() != '.' && rest_.front() != ',') return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  void zone() {
    if (!problem_.empty()) return;
    if (rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      return;
    }
    const std::string_view zone = rest_.substr(0, 6);
    const bool has_form = zone.size() == 6 && is_digit(zone[1]) && is_digit(zone[2]) &&
                          zone[3] == ':' && is_digit(zone[4]) && is_digit(zone[5]);
    if (!has_form) return cannot_parse("Z07:00");
    check(zone.substr(1, 2) <= "24", "time zone offset hour");
    if (problem_.empty()) check(zone.substr(4, 2) <= "60", "time zone offset minute");
    if (problem_.empty() && zone[0] != '+' && zone[0] != '-') return cannot_parse("Z07:00");
    rest_.remove_prefix(zone.size());
  }

  void check(bool in_range, std::string_view what) {
    if (in_range || !problem_.empty()) return;
    problem_ = "parsing time " + quoted(text_) + ": " + std::string(what) + " out of range";
  }

  void end() {
    if (!problem_.empty() || rest_.empty()) return;
    problem_ = "parsing time " + quoted(text_) + ": extra text: " + quoted(rest_);
  }

  [[nodiscard]] std::optional<std::string> problem() const {
    return problem_.empty() ? std::nullopt : std::optional(problem_);
  }

 private:
  void cannot_parse(std::string_view layout) {
    problem_ = "parsing time " + quoted(text_) +
               " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + quoted(rest_) + " as " +
               quoted(layout);
  }

  std::string_view text_;
  std::string_view rest_;
  std::string problem_;
};

}  // namespace

std::optional<std::string> lock_timestamp_problem(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year(reader.number(4, "2006"));
  reader.literal("-");
  const int month = reader.number(2, "01");
  reader.check(month >= 1 && month <= 12, "month");
  reader.literal("-");
  const int day = reader.number(2, "02");
  reader.literal("T");
  reader.check(reader.number(2, "15", true) < 24, "hour");
  reader.literal(":");
  reader.check(reader.number(2, "04") < 60, "minute");
  reader.literal(":");
  reader.check(reader.number(2, "05") < 60, "second");
  reader.fraction();
  reader.zone();
  reader.end();
  const std::chrono::year_month_day date(year, std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  reader.check(date.ok(), "day");
  return reader.problem();
}

}  // namespace chartmuseum::chart
