// SPDX-License-Identifier: Apache-2.0
#include "encoding/number.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace chartmuseum::encoding {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Number, in_a_string_field_is_rounded_to_32_bits) {
  EXPECT_EQ(number_in_string_field(1.10), "1.1");
  EXPECT_EQ(number_in_string_field(1.0), "1");
  EXPECT_EQ(number_in_string_field(3.14159265358979), "3.1415927");
  EXPECT_EQ(number_in_string_field(16777217.0), "1.6777216e+07");
}

TEST(Number, in_a_string_field_has_an_exponent_from_a_million_and_below_a_ten_thousandth) {
  EXPECT_EQ(number_in_string_field(123456.0), "123456");
  EXPECT_EQ(number_in_string_field(1e5), "100000");
  EXPECT_EQ(number_in_string_field(1000000.0), "1e+06");
  EXPECT_EQ(number_in_string_field(0.0001), "0.0001");
  EXPECT_EQ(number_in_string_field(0.00001), "1e-05");
}

TEST(Number, in_a_string_field_may_be_negative_zero_infinite_or_none) {
  EXPECT_EQ(number_in_string_field(-0.0), "-0");
  EXPECT_EQ(number_in_string_field(1e39), "+Inf");
  EXPECT_EQ(number_in_string_field(1e-60), "0");
  EXPECT_EQ(number_in_string_field(kInfinity), "+Inf");
  EXPECT_EQ(number_in_string_field(-kInfinity), "-Inf");
  EXPECT_EQ(number_in_string_field(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(Number, in_yaml_is_in_plain_digits_where_64_bits_hold_it) {
  EXPECT_EQ(yaml_number(1.0), "1");
  EXPECT_EQ(yaml_number(1e3), "1000");
  EXPECT_EQ(yaml_number(-0.0), "0");
  EXPECT_EQ(yaml_number(12345678901234567890.0), "12345678901234567000");
  EXPECT_EQ(yaml_number(1e20), "1e+20");
}

TEST(Number, in_yaml_that_is_not_whole_has_the_shortest_digits_in_64_bits) {
  EXPECT_EQ(yaml_number(3.14159265358979), "3.14159265358979");
  EXPECT_EQ(yaml_number(1234567.5), "1.2345675e+06");
  EXPECT_EQ(yaml_number(1e-7), "1e-07");
}

TEST(Number, in_json_has_an_exponent_only_far_out) {
  EXPECT_EQ(json_number(100), "100");
  EXPECT_EQ(json_number(1e20), "100000000000000000000");
  EXPECT_EQ(json_number(1e21), "1e+21");
  EXPECT_EQ(json_number(0.000001), "0.000001");
  EXPECT_EQ(json_number(1.5e-7), "1.5e-7");
  EXPECT_EQ(json_number(-0.5), "-0.5");
}

}  // namespace
}  // namespace chartmuseum::encoding
