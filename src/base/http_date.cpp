// SPDX-License-Identifier: Apache-2.0
#include "base/http_date.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace chartmuseum {

namespace {

constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// strptime() would follow the locale; the parts are few enough to be taken one by one.
struct DateParts {
  char month[4] = "";
  int year = 0, day = 0, hour = 0, minute = 0, second = 0;
  int consumed = 0;
};

std::optional<std::chrono::sys_seconds> instant_of(const DateParts& parts) {
  unsigned month = 0;
  while (month < kMonths.size() && std::string_view(kMonths[month]) != parts.month) ++month;
  if (month == kMonths.size()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(parts.year),
                                         std::chrono::month(month + 1),
                                         std::chrono::day(static_cast<unsigned>(parts.day))};
  // A leap second is 60 (RFC 9110 takes the grammar of RFC 5322).
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(parts.hour) +
         std::chrono::minutes(parts.minute) + std::chrono::seconds(parts.second);
}

}  // namespace

std::string format_http_date(std::chrono::sys_seconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  if (text.size() > 40) return std::nullopt;
  const std::string copy(text);  // sscanf wants an end
  const auto all = [&](const DateParts& parts) {
    return parts.consumed > 0 && static_cast<std::size_t>(parts.consumed) == copy.size();
  };
  // NOLINTBEGIN(cert-err34-c): every field's width is bounded, so no conversion overflows.
  if (DateParts p;
      std::sscanf(copy.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &p.day,
                  p.month, &p.year, &p.hour, &p.minute, &p.second, &p.consumed) == 6 &&
      all(p)) {
    return instant_of(p);
  }
  if (DateParts p;
      std::sscanf(copy.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &p.day,
                  p.month, &p.year, &p.hour, &p.minute, &p.second, &p.consumed) == 6 &&
      all(p)) {
    p.year += p.year < 70 ? 2000 : 1900;
    return instant_of(p);
  }
  if (DateParts p;
      std::sscanf(copy.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", p.month, &p.day,
                  &p.hour, &p.minute, &p.second, &p.year, &p.consumed) == 6 &&
      all(p)) {
    return instant_of(p);
  }
  // NOLINTEND(cert-err34-c)
  return std::nullopt;
}

std::string_view current_http_date() {
  thread_local std::time_t second = 0;
  thread_local std::string text;
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != second || text.empty()) {
    second = now.tv_sec;
    text = format_http_date(std::chrono::sys_seconds(std::chrono::seconds(second)));
  }
  return text;
}

}  // namespace chartmuseum
