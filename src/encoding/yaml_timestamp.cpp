// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_timestamp.hpp"

#include <chrono>
#include <optional>

namespace chartmuseum::encoding {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads a timestamp from front to back, with the liberties that Go's time.Parse takes.
class TimestampReader {
 public:
  explicit TimestampReader(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// At least one space.
  bool take_spaces() {
    if (!take(' ')) return false;
    while (take(' ')) {
    }
    return true;
  }

  std::optional<unsigned> take_number(std::size_t most_digits, std::size_t fewest_digits = 1) {
    unsigned number = 0;
    std::size_t digits = 0;
    for (; digits < most_digits && !rest_.empty() && is_digit(rest_.front()); ++digits) {
      number = number * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (digits < fewest_digits) return std::nullopt;
    return number;
  }

  bool take_date() {
    const auto year = take_number(4, 4);
    if (!year || !take('-')) return false;
    const auto month = take_number(2);
    if (!month || !take('-')) return false;
    const auto day = take_number(2);
    if (!day) return false;
    return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                       std::chrono::month(*month), std::chrono::day(*day))
        .ok();
  }

  bool take_time() {
    const auto hour = take_number(2);
    if (!hour || *hour > 23 || !take(':')) return false;
    const auto minute = take_number(2);
    if (!minute || *minute > 59 || !take(':')) return false;
    const auto second = take_number(2);
    if (!second || *second > 59) return false;
    take_fraction();
    return true;
  }

  bool take_zone() {
    if (take('Z')) return true;
    if (!take('+') && !take('-')) return false;
    const auto hours = take_number(2, 2);
    if (!hours || *hours > 24 || !take(':')) return false;
    const auto minutes = take_number(2, 2);
    return minutes && *minutes <= 60;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  void take_fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

}  // namespace

bool is_yaml_timestamp(std::string_view text) {
  TimestampReader reader(text);
  if (!reader.take_date()) return false;
  if (reader.at_end()) return true;
  if (reader.take_spaces()) return reader.take_time() && reader.at_end();
  if (!reader.take('T') && !reader.take('t')) return false;
  return reader.take_time() && reader.take_zone() && reader.at_end();
}

}  // namespace chartmuseum::encoding
