// SPDX-License-Identifier: Apache-2.0
#include "http/duration.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace chartmuseum::http {
namespace {

struct Case {
  std::int64_t nanoseconds;
  const char* text;
};

class Duration : public testing::TestWithParam<Case> {};

TEST_P(Duration, prints_as_go_does) {
  EXPECT_EQ(format_duration(std::chrono::nanoseconds(GetParam().nanoseconds)), GetParam().text);
}

// From the table of Go's own documentation of time.Duration.String, and around its borders.
INSTANTIATE_TEST_SUITE_P(
    Values, Duration,
    testing::Values(Case{0, "0s"}, Case{1, "1ns"}, Case{999, "999ns"}, Case{1100, "1.1µs"},
                    Case{68'500, "68.5µs"}, Case{2'200'000, "2.2ms"}, Case{3'300'000'000, "3.3s"},
                    Case{1'000'000'000, "1s"}, Case{1'000'000'001, "1.000000001s"},
                    Case{60'000'000'000, "1m0s"}, Case{62'500'000'000, "1m2.5s"},
                    Case{3'600'000'000'000, "1h0m0s"}, Case{5'405'001'000'000, "1h30m5.001s"},
                    Case{-1'100, "-1.1µs"}, Case{INT64_MIN, "-2562047h47m16.854775808s"}));

}  // namespace
}  // namespace chartmuseum::http
