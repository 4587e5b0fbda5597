// SPDX-License-Identifier: Apache-2.0
#include "base/http_date.hpp"

#include <gtest/gtest.h>

namespace chartmuseum {
namespace {

constexpr std::chrono::sys_seconds kSample{std::chrono::seconds(784111777)};

TEST(HttpDate, writes_the_preferred_form) {
  EXPECT_EQ(format_http_date(kSample), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(std::chrono::sys_seconds{}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, reads_all_three_forms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kSample);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kSample);
}

TEST(HttpDate, refuses_everything_else) {
  for (const char* text :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(HttpDate, the_current_one_parses) {
  const auto now = parse_http_date(current_http_date());
  ASSERT_TRUE(now);
  EXPECT_LE(std::chrono::abs(*now - std::chrono::system_clock::now()), std::chrono::minutes(1));
}

}  // namespace
}  // namespace chartmuseum
