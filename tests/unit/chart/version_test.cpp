// SPDX-License-Identifier: Apache-2.0
#include "chart/version.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::chart {
namespace {

bool is_version(std::string_view text) {
  return Version::parse(text).has_value();
}
bool is_strict(std::string_view text) {
  return Version::parse_strict(text).has_value();
}

Version version(std::string_view text) {
  return Version::parse(text).value();
}

TEST(Version, reads_the_parts_of_a_version) {
  const Version parsed = version("1.22.333-rc.1+build.5");
  EXPECT_EQ(parsed.major(), 1);
  EXPECT_EQ(parsed.minor(), 22);
  EXPECT_EQ(parsed.patch(), 333);
  EXPECT_EQ(parsed.prerelease(), "rc.1");
}

TEST(Version, takes_missing_parts_as_zero) {
  EXPECT_EQ(version("1"), version("1.0.0"));
  EXPECT_EQ(version("1.2"), version("1.2.0"));
  EXPECT_EQ(version("1-rc"), version("1.0.0-rc"));
  EXPECT_EQ(version("1.2+b"), version("1.2.0"));
}

TEST(Version, forgives_a_leading_v_and_leading_zeros) {
  EXPECT_EQ(version("v1.2.3"), version("1.2.3"));
  EXPECT_EQ(version("007.008.009"), version("7.8.9"));
  EXPECT_TRUE(is_version("1.0.0+001"));
}

TEST(Version, refuses_what_is_no_version) {
  for (const char* text :
       {"",           "v",         "V1.0.0",    "vv1",        " 1.0.0",     "1.0.0 ",
        "1.0.0\n",    "1.",        "1..0",      ".1",         "1.0.0.0",    "a",
        "1.a",        "1.0.0-",    "1.0.0+",    "1.0.0-a..b", "1.0.0-a.",   "1.0.0-.a",
        "1.0.0+a..b", "1.0.0-a_b", "1.0.0+a+b", "1.0.0-é",    "-1.0.0",     "+1",
        "1,0",        "latest",    "1.x",       "*",          "1.0.0-rc/1", "1.0.0+../../x"}) {
    EXPECT_FALSE(is_version(text)) << '"' << text << '"';
  }
}

TEST(Version, refuses_leading_zeros_in_numeric_pre_release_parts_only) {
  EXPECT_FALSE(is_version("1.0.0-01"));
  EXPECT_FALSE(is_version("1.0.0-rc.00"));
  EXPECT_TRUE(is_version("1.0.0-0"));
  EXPECT_TRUE(is_version("1.0.0-01a"));
  EXPECT_TRUE(is_version("1.0.0--01"));
  EXPECT_TRUE(is_version("1.0.0--"));
}

TEST(Version, holds_numbers_of_64_bits_and_no_more) {
  EXPECT_EQ(version("18446744073709551615").major(), 18446744073709551615U);
  EXPECT_FALSE(is_version("18446744073709551616"));
  EXPECT_FALSE(is_version("1.18446744073709551616"));
  EXPECT_FALSE(is_version("1.0." + std::string(10'000, '9')));
  EXPECT_TRUE(is_version(std::string(10'000, '0') + "1.0.0"));
  EXPECT_TRUE(is_version("1.0.0-99999999999999999999999"));
}

TEST(Version, is_strict_only_when_it_is_semver_2_to_the_letter) {
  for (const char* text : {"0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3+b.001", "1.2.3-0+x", "1.0.0--"}) {
    EXPECT_TRUE(is_strict(text)) << text;
  }
  for (const char* text :
       {"", "1", "1.2", "v1.2.3", "01.2.3", "1.02.3", "1.2.03", "1.2.3-01", "1.2.3-", "1.2.3+",
        "1.2.3.4", "1.2-rc.3", "1.2+3.4", "1.2.18446744073709551616"}) {
    EXPECT_FALSE(is_strict(text)) << text;
  }
}

TEST(Version, orders_by_semver_precedence) {
  // semver.org, item 11, and Helm's treatment of what semver.org leaves open.
  const char* ascending[] = {"0.9.9",      "1.0.0-0",      "1.0.0-2",       "1.0.0-10",
                             "1.0.0-A",    "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                             "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                             "1.0.0",      "1.0.1-rc",     "1.0.1",         "1.1.0",
                             "1.10.0",     "2.0.0"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(version(ascending[i]) < version(ascending[j]), i < j)
          << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(Version, takes_a_number_beyond_64_bits_in_a_pre_release_as_text) {
  EXPECT_LT(version("1.0.0-2"), version("1.0.0-18446744073709551616"));
  EXPECT_LT(version("1.0.0-18446744073709551616"), version("1.0.0-2a"));
}

TEST(Version, does_not_look_at_build_metadata_when_it_compares) {
  EXPECT_EQ(version("1.0.0+a"), version("1.0.0+b"));
  EXPECT_EQ(version("1.0.0"), version("v1+b"));
}

}  // namespace
}  // namespace chartmuseum::chart
