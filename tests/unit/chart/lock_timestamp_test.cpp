// SPDX-License-Identifier: Apache-2.0
#include "chart/lock_timestamp.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::chart {
namespace {

std::string problem(std::string_view text) {
  return lock_timestamp_problem(text).value_or("");
}

TEST(LockTimestamp, takes_rfc_3339) {
  for (const char* text : {"2020-01-02T03:04:05Z", "2020-02-29T23:59:59.123456789+14:00",
                           "0000-12-31T00:00:00-00:00"}) {
    EXPECT_EQ(problem(text), "");
  }
}

TEST(LockTimestamp, takes_what_go_forgives) {
  for (const char* text : {"2020-01-02T3:04:05Z", "2020-01-02T03:04:05,5Z",
                           "2020-01-02T03:04:05.1234567890123Z", "2020-01-02T03:04:05+24:60"}) {
    EXPECT_EQ(problem(text), "");
  }
}

TEST(LockTimestamp, names_the_part_that_is_wrong) {
  const std::string as = " as \"2006-01-02T15:04:05Z07:00\": cannot parse ";
  EXPECT_EQ(problem(""), "parsing time \"\"" + as + "\"\" as \"2006\"");
  EXPECT_EQ(problem("x"), "parsing time \"x\"" + as + "\"x\" as \"2006\"");
  EXPECT_EQ(problem("2020"), "parsing time \"2020\"" + as + "\"\" as \"-\"");
  EXPECT_EQ(problem("2020-1-02T03:04:05Z"),
            "parsing time \"2020-1-02T03:04:05Z\"" + as + "\"1-02T03:04:05Z\" as \"01\"");
  EXPECT_EQ(problem("2020-01-02"), "parsing time \"2020-01-02\"" + as + "\"\" as \"T\"");
  EXPECT_EQ(problem("2020-01-02T03:04:05"),
            "parsing time \"2020-01-02T03:04:05\"" + as + "\"\" as \"Z07:00\"");
  EXPECT_EQ(problem("\"é"),
            "parsing time \"\\\"\\xc3\\xa9\"" + as + "\"\\\"\\xc3\\xa9\" as \"2006\"");
}

TEST(LockTimestamp, names_the_part_that_is_out_of_range) {
  EXPECT_EQ(problem("2020-13-02T03:04:05Z"),
            "parsing time \"2020-13-02T03:04:05Z\": month out of range");
  EXPECT_EQ(problem("2021-02-29T03:04:05Z"),
            "parsing time \"2021-02-29T03:04:05Z\": day out of range");
  EXPECT_EQ(problem("2020-01-02T24:04:05Z"),
            "parsing time \"2020-01-02T24:04:05Z\": hour out of range");
  EXPECT_EQ(problem("2020-01-02T03:60:05Z"),
            "parsing time \"2020-01-02T03:60:05Z\": minute out of range");
  EXPECT_EQ(problem("2020-01-02T03:04:60Z"),
            "parsing time \"2020-01-02T03:04:60Z\": second out of range");
  EXPECT_EQ(problem("2020-01-02T03:04:05+25:00"),
            "parsing time \"2020-01-02T03:04:05+25:00\": time zone offset hour out of range");
  EXPECT_EQ(problem("2020-01-02T03:04:05Zx"),
            "parsing time \"2020-01-02T03:04:05Zx\": extra text: \"x\"");
}

}  // namespace
}  // namespace chartmuseum::chart
