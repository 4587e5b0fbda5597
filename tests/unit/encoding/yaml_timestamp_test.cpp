// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_timestamp.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::encoding {
namespace {

TEST(YamlTimestamp, is_a_date_or_a_date_with_a_time) {
  for (const char* text :
       {"2001-12-14", "2001-1-4", "2000-02-29", "2001-12-14 21:59:43", "2001-12-14 2:9:3.10",
        "2001-12-14T21:59:43Z", "2001-12-14t21:59:43.10-05:00", "2001-12-14   21:59:43"}) {
    EXPECT_TRUE(is_yaml_timestamp(text)) << text;
  }
}

TEST(YamlTimestamp, has_its_fields_in_range) {
  for (const char* text :
       {"2001-02-30", "2001-02-29", "2001-13-01", "2001-00-10", "2001-01-00", "2001-01-01 24:00:00",
        "2001-01-01 00:60:00", "2001-01-01T00:00:00+25:00"}) {
    EXPECT_FALSE(is_yaml_timestamp(text)) << text;
  }
}

TEST(YamlTimestamp, has_one_of_three_forms) {
  for (const char* text :
       {"", "2001", "2001-01", "999-01-01", "12001-01-01", "2001-01-01 ", "2001-01-01T00:00:00",
        "2001-01-01 00:00:00Z", "2001-01-01 00:00", "2001-01-01T00:00:00z",
        "2001-01-01T00:00:00+1:00", "2001-01-01x", "2001/01/01", "2001-001-01"}) {
    EXPECT_FALSE(is_yaml_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::encoding
