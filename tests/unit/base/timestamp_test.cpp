// SPDX-License-Identifier: Apache-2.0
#include "base/timestamp.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace chartmuseum {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

class ZoneGuard {
 public:
  explicit ZoneGuard(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
  ~ZoneGuard() {
    unsetenv("TZ");
    tzset();
  }
};

TEST(Timestamp, prints_utc_with_z_and_no_fraction_where_it_is_zero) {
  const ZoneGuard utc("UTC0");
  EXPECT_EQ(format_rfc3339(Timestamp(seconds(0))), "1970-01-01T00:00:00Z");
}

TEST(Timestamp, cuts_trailing_zeros_of_the_fraction) {
  const ZoneGuard utc("UTC0");
  EXPECT_EQ(format_rfc3339(Timestamp(nanoseconds(1'500'000'000))), "1970-01-01T00:00:01.5Z");
  EXPECT_EQ(format_rfc3339(Timestamp(nanoseconds(10))), "1970-01-01T00:00:00.00000001Z");
}

TEST(Timestamp, prints_the_servers_zone) {
  const ZoneGuard east("XXX-5:30");
  EXPECT_EQ(format_rfc3339(Timestamp(seconds(0))), "1970-01-01T05:30:00+05:30");
  const ZoneGuard west("XXX8");
  EXPECT_EQ(format_rfc3339(Timestamp(seconds(0))), "1969-12-31T16:00:00-08:00");
}

TEST(Timestamp, reads_back_what_it_prints_in_every_zone) {
  for (const char* zone : {"UTC0", "XXX-5:30", "XXX8"}) {
    const ZoneGuard guard(zone);
    const Timestamp instant(nanoseconds(1'700'000'000'123'456'780));
    EXPECT_EQ(parse_rfc3339(format_rfc3339(instant)), instant) << zone;
  }
}

TEST(Timestamp, refuses_what_is_no_rfc3339) {
  for (const char* text :
       {"", "2026-01-02", "2026-02-30T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T00:00:00",
        "2026-01-02T00:00:00.Z", "2026-01-02T00:00:00Zx", "2026-01-02 00:00:00Z",
        "2026-01-02T00:00:00+1:00",
        // More than a count of nanoseconds can hold.
        "9999-01-01T00:00:00Z", "2262-06-01T00:00:00Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum
