// SPDX-License-Identifier: Apache-2.0
#include "options/values.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::options {
namespace {

TEST(Bool, takes_the_spellings_of_go) {
  for (const char* text : {"1", "t", "T", "TRUE", "true", "True"})
    EXPECT_EQ(parse_bool(text), true) << text;
  for (const char* text : {"0", "f", "F", "FALSE", "false", "False"})
    EXPECT_EQ(parse_bool(text), false) << text;
}

TEST(Bool, takes_no_other_spelling) {
  for (const char* text : {"", "yes", "no", "on", "off", "tRUE", "y", "2", " true", "true "}) {
    EXPECT_EQ(parse_bool(text), std::nullopt) << text;
  }
}

TEST(WholeNumber, is_read_in_any_base_that_go_knows) {
  const std::pair<std::string_view, std::int64_t> cases[] = {
      {"0", 0},
      {"8080", 8080},
      {"-1", -1},
      {"+7", 7},
      {"1_000_000", 1'000'000},
      {"0x1F90", 8080},
      {"0b101", 5},
      {"0o17", 15},
      {"017", 15},
      {"0X_ff", 255},
      {"-0x10", -16},
      {"00", 0},
      {"0_7", 7},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()}};
  for (const auto& [text, wanted] : cases) EXPECT_EQ(parse_whole_number(text), wanted) << text;
}

TEST(WholeNumber, is_refused_when_it_is_none) {
  for (const std::string_view text : {"",
                                      "-",
                                      "+",
                                      "abc",
                                      "12abc",
                                      "1.0",
                                      "1e3",
                                      " 1",
                                      "1 ",
                                      "08",
                                      "0x",
                                      "0xg",
                                      "0b2",
                                      "_1",
                                      "1_",
                                      "1__0",
                                      "--1",
                                      "+-1",
                                      "0x-1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"}) {
    EXPECT_EQ(parse_whole_number(text), std::nullopt) << text;
  }
}

TEST(Printable, shows_what_was_typed_without_obeying_it) {
  EXPECT_EQ(harmless("a\rb"), "a?b");
  EXPECT_EQ(printable("abc"), "\"abc\"");
  EXPECT_EQ(printable("a\x1b[2J\nb"), "\"a?[2J?b\"");
  EXPECT_EQ(printable(std::string(1000, 'x')), '"' + std::string(80, 'x') + "...\"");
}

}  // namespace
}  // namespace chartmuseum::options
