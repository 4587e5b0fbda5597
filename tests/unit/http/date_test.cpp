// SPDX-License-Identifier: Apache-2.0
#include "http/date.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

constexpr std::chrono::sys_seconds kSample{std::chrono::seconds(784111777)};

TEST(Date, writes_the_preferred_form) {
  EXPECT_EQ(format_date(kSample), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_date(std::chrono::sys_seconds{}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Date, reads_all_three_forms) {
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994"), kSample);
}

TEST(Date, refuses_everything_else) {
  for (const char* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(Date, the_current_one_parses) {
  const auto now = parse_date(current_date());
  ASSERT_TRUE(now);
  EXPECT_LE(std::chrono::abs(*now - std::chrono::system_clock::now()), std::chrono::minutes(1));
}

}  // namespace
}  // namespace chartmuseum::http
