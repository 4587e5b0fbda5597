// SPDX-License-Identifier: Apache-2.0
#include "telemetry/line_layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <initializer_list>
#include <limits>
#include <string>

namespace chartmuseum::telemetry {
namespace {

const Timestamp kInstant = parse_rfc3339("2026-01-02T03:04:05.678912Z").value();

/// Lets the process live in a time zone for one test.
class Zone {
 public:
  explicit Zone(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
};

std::string line(bool json, std::string_view message, std::initializer_list<Field> fields = {}) {
  const Zone utc("UTC");
  std::string text;
  LineLayout(json, false)
      .format(text, kInstant, Level::info, message, {fields.begin(), fields.size()});
  return text;
}

std::string json_message(std::string_view message) {
  const std::string text = line(true, message);
  const std::string_view before = R"({"L":"INFO","T":"2026-01-02T03:04:05.678Z","M":)";
  EXPECT_TRUE(text.starts_with(before)) << text;
  EXPECT_TRUE(text.ends_with('}')) << text;
  return text.substr(before.size(), text.size() - before.size() - 1);
}

std::string console_message(std::string_view message) {
  const std::string text = line(false, message);
  const std::string_view before = "2026-01-02T03:04:05.678Z\tINFO\t";
  EXPECT_TRUE(text.starts_with(before)) << text;
  return text.substr(before.size());
}

TEST(LineLayout, separates_time_level_message_and_fields_by_tabs_for_people) {
  EXPECT_EQ(line(false, "[1] Request served",
                 {{"path", "/health"}, {"statusCode", std::int64_t{200}}, {"cached", true}}),
            "2026-01-02T03:04:05.678Z\tINFO\t[1] Request served\t"
            R"({"path": "/health", "statusCode": 200, "cached": true})");
}

TEST(LineLayout, writes_no_braces_for_people_where_there_are_no_fields) {
  EXPECT_EQ(line(false, "Starting"), "2026-01-02T03:04:05.678Z\tINFO\tStarting");
}

TEST(LineLayout, puts_level_time_and_message_before_the_fields_in_json) {
  EXPECT_EQ(line(true, "[1] Request served",
                 {{"path", "/health"}, {"comment", ""}, {"statusCode", std::int64_t{200}}}),
            R"({"L":"INFO","T":"2026-01-02T03:04:05.678Z","M":"[1] Request served",)"
            R"("path":"/health","comment":"","statusCode":200})");
}

TEST(LineLayout, gives_the_offset_of_the_zone_without_a_colon) {
  const auto time_in = [](const char* zone) {
    const Zone local(zone);
    std::string text;
    LineLayout(false, false).format(text, kInstant, Level::info, "", {});
    return text.substr(0, text.find('\t'));
  };
  EXPECT_EQ(time_in("EST5"), "2026-01-01T22:04:05.678-0500");
  EXPECT_EQ(time_in("IST-5:30"), "2026-01-02T08:34:05.678+0530");
}

TEST(LineLayout, follows_a_change_of_the_zone_s_offset) {
  const Zone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
  const LineLayout layout(false, false);
  const auto time_at = [&](const char* instant) {
    std::string text;
    layout.format(text, parse_rfc3339(instant).value(), Level::info, "", {});
    return text.substr(0, text.find('\t'));
  };
  EXPECT_EQ(time_at("2026-03-29T00:59:59.999Z"), "2026-03-29T01:59:59.999+0100");
  EXPECT_EQ(time_at("2026-03-29T01:00:00Z"), "2026-03-29T03:00:00.000+0200");
  EXPECT_EQ(time_at("1970-01-01T00:00:00Z"), "1970-01-01T01:00:00.000+0100");
}

TEST(LineLayout, names_levels_in_capitals_and_in_colour_only_when_asked) {
  const Zone utc("UTC");
  const auto level_text = [](Level level, bool colour, bool json) {
    std::string text;
    LineLayout(json, colour).format(text, kInstant, level, "m", {});
    return text;
  };
  EXPECT_EQ(level_text(Level::debug, true, false),
            "2026-01-02T03:04:05.678Z\t\x1b[35mDEBUG\x1b[0m\tm");
  EXPECT_EQ(level_text(Level::info, true, false),
            "2026-01-02T03:04:05.678Z\t\x1b[34mINFO\x1b[0m\tm");
  EXPECT_EQ(level_text(Level::warn, true, false),
            "2026-01-02T03:04:05.678Z\t\x1b[33mWARN\x1b[0m\tm");
  EXPECT_EQ(level_text(Level::error, true, false),
            "2026-01-02T03:04:05.678Z\t\x1b[31mERROR\x1b[0m\tm");
  EXPECT_EQ(level_text(Level::error, false, false), "2026-01-02T03:04:05.678Z\tERROR\tm");
  EXPECT_EQ(level_text(Level::error, true, true),
            R"({"L":"ERROR","T":"2026-01-02T03:04:05.678Z","M":"m"})");
}

TEST(LineLayout, keeps_a_line_one_line_whatever_a_text_holds) {
  const std::string hostile = "a\nb\rc\td\x1b[2Je\x7f\x01" + std::string(1, '\0');
  const std::string escaped = R"(a\nb\rc\td\u001b[2Je\u007f\u0001\u0000)";
  EXPECT_EQ(json_message(hostile), '"' + escaped + '"');
  EXPECT_EQ(console_message(hostile), escaped);
  EXPECT_EQ(line(false, "m", {{hostile, std::string_view(hostile)}}),
            "2026-01-02T03:04:05.678Z\tINFO\tm\t{\"" + escaped + "\": \"" + escaped + "\"}");
}

TEST(LineLayout, escapes_what_a_terminal_obeys_beyond_ascii) {
  EXPECT_EQ(console_message("\u009b2J \u2028 \u202e \u2066"), R"(\u009b2J \u2028 \u202e \u2066)");
}

TEST(LineLayout, keeps_letters_of_all_scripts) {
  EXPECT_EQ(console_message("Grüße, 世界, 🚢"), "Grüße, 世界, 🚢");
  EXPECT_EQ(json_message("Grüße, 世界, 🚢"), "\"Grüße, 世界, 🚢\"");
}

TEST(LineLayout, escapes_quotes_and_backslashes_in_json_only) {
  EXPECT_EQ(json_message(R"(a "b" \n)"), R"("a \"b\" \\n")");
  EXPECT_EQ(console_message(R"(a "b" \n)"), R"(a "b" \n)");
}

TEST(LineLayout, replaces_bytes_that_are_no_utf8) {
  EXPECT_EQ(json_message("a\xff"
                         "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(json_message("\xc0\xaf"), R"("\ufffd\ufffd")") << "an overlong slash";
  EXPECT_EQ(json_message("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")") << "a surrogate";
  EXPECT_EQ(json_message("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")") << "beyond Unicode";
  EXPECT_EQ(json_message("\xe4\xb8"), R"("\ufffd\ufffd")") << "cut short";
}

TEST(LineLayout, cuts_texts_of_unreasonable_length_at_a_whole_letter) {
  EXPECT_EQ(console_message(std::string(2048, 'x')), std::string(2048, 'x'));
  EXPECT_EQ(console_message(std::string(100'000, 'x')), std::string(2048, 'x') + "...");
  EXPECT_EQ(console_message(std::string(2047, 'x') + "世" + std::string(9, 'y')),
            std::string(2047, 'x') + "...");
}

TEST(LineLayout, writes_numbers_without_exponents) {
  EXPECT_EQ(
      line(true, "", {{"a", std::numeric_limits<std::int64_t>::min()}, {"b", 0.1}, {"c", 1e21}}),
      R"({"L":"INFO","T":"2026-01-02T03:04:05.678Z","M":"",)"
      R"("a":-9223372036854775808,"b":0.1,"c":1000000000000000000000})");
}

TEST(LineLayout, writes_numbers_that_json_lacks_as_texts) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      line(true, "", {{"a", std::nan("")}, {"b", infinity}, {"c", -infinity}}),
      R"({"L":"INFO","T":"2026-01-02T03:04:05.678Z","M":"","a":"NaN","b":"+Inf","c":"-Inf"})");
}

}  // namespace
}  // namespace chartmuseum::telemetry
