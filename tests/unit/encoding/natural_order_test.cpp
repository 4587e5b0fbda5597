// SPDX-License-Identifier: Apache-2.0
#include "encoding/natural_order.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace chartmuseum::encoding {
namespace {

void expect_ascending(const std::vector<std::string_view>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < keys.size(); ++j) {
      EXPECT_TRUE(natural_order(keys[i], keys[j]) == (i <=> j)) << keys[i] << " and " << keys[j];
    }
  }
}

TEST(NaturalOrder, compares_runs_of_digits_as_numbers) {
  expect_ascending({"a", "a--b", "a-1", "a-2", "a-10", "a-b", "a.b", "a_b", "a0", "a1", "a01",
                    "a001", "a2", "a10", "aB", "ab"});
}

TEST(NaturalOrder, puts_a_prefix_first) {
  expect_ascending({"", "a", "ab", "abc"});
}

TEST(NaturalOrder, compares_letters_by_code_point) {
  expect_ascending({"A", "Z", "a", "z", "\xC3\xA9"});
}

TEST(NaturalOrder, puts_what_is_no_letter_before_letters) {
  expect_ascending({"-", "_", "1", "a"});
  expect_ascending({"1", "a"});
}

TEST(NaturalOrder, takes_a_zero_within_a_number_for_part_of_it) {
  expect_ascending({"a19", "a100", "a101", "a109", "a110"});
  expect_ascending({"v1", "v3", "v03", "v003", "v10", "v30"});
}

TEST(NaturalOrder, takes_digits_beyond_ascii_for_digits) {
  EXPECT_TRUE(natural_order("a9", "a\xD9\xA3") < 0);
}

TEST(NaturalOrder, may_run_in_a_circle_as_the_references_does) {
  EXPECT_TRUE(natural_order("1a", "2") < 0);
  EXPECT_TRUE(natural_order("2", "11") < 0);
  EXPECT_TRUE(natural_order("11", "1a") < 0);
}

TEST(NaturalOrder, takes_numbers_of_any_length) {
  EXPECT_TRUE(
      natural_order("a99999999999999999999999999999", "a88888888888888888888888888888888") != 0);
}

}  // namespace
}  // namespace chartmuseum::encoding
