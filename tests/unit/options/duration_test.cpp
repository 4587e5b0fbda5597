// SPDX-License-Identifier: Apache-2.0
#include "options/duration.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace chartmuseum::options {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(Duration, is_read_as_go_writes_it) {
  const std::pair<std::string_view, nanoseconds> cases[] = {
      {"0", 0ns},
      {"0s", 0ns},
      {"5s", 5s},
      {"30s", 30s},
      {"1478s", 1478s},
      {"+5s", 5s},
      {"-5s", -5s},
      {"-0", 0ns},
      {"5.0s", 5s},
      {"5.6s", 5600ms},
      {"5.s", 5s},
      {".5s", 500ms},
      {"1.004s", 1004ms},
      {"100.00100s", 100001ms},
      {"10ns", 10ns},
      {"11us", 11us},
      {"12\u00b5s", 12us},
      {"12\u03bcs", 12us},
      {"13ms", 13ms},
      {"14s", 14s},
      {"15m", 15min},
      {"16h", 16h},
      {"1h30m", 90min},
      {"1.5h", 90min},
      {"300ms", 300ms},
      {"3h30m", 210min},
      {"10.5s4m", 250500ms},
      {"-2m3.4s", -123400ms},
      {"1h2m3s4ms5us6ns", 1h + 2min + 3s + 4ms + 5us + 6ns},
      {"39h9m14.425s", 39h + 9min + 14425ms},
      {"52763797000ns", 52763797000ns},
      {"0.3333333333333333333h", 20min},
      {"9007199254740993ns", 9007199254740993ns},
      {"9223372036854775807ns", nanoseconds::max()},
      {"9223372036s775ms807us", 9223372036s + 775ms + 807us},
      {"9223372036854775.807us", nanoseconds::max()},
      {"-9223372036854775808ns", nanoseconds::min()},
      {"0.100000000000000000000h", 6min},
      {"0.830103483285477580700h", 49min + 48s + 372539827ns},
  };
  for (const auto& [text, wanted] : cases) {
    const auto read = parse_duration(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->count(), wanted.count()) << text;
  }
}

TEST(Duration, is_refused_when_it_is_not_exactly_one) {
  for (const std::string_view text :
       {"",         "3",        "300",       "-",    "s",    ".",    "-.",    ".s",
        "+.s",      "1d",       "5 s",       " 5s",  "5s ",  "5S",   "1h-5m", "--5s",
        "\x85\x85", "\xff\xff", "hello\xff", "1e3s", "0x5s", "1,5s", "five"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, is_refused_when_it_does_not_fit) {
  for (const std::string_view text :
       {"9223372036854775810ns", "9223372036854775808ns", "-9223372036854775809ns",
        "9223372036854776us", "3000000h", "9223372036854ms775us808ns", "9223372036854775.808us",
        "99999999999999999999999999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::options
