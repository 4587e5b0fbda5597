// SPDX-License-Identifier: Apache-2.0
#include "chart/constraint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartmuseum::chart {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Those of a few versions that `text` allows.
std::vector<std::string> allowed(std::string_view text) {
  static constexpr const char* versions[] = {"0.0.1",      "0.0.3",      "0.2.0", "0.2.9", "0.3.0",
                                             "1.0.0-rc.1", "1.0.0",      "1.2.0", "1.2.3", "1.3.0",
                                             "2.0.0",      "2.4.0-beta", "2.4.0"};
  const auto constraint = Constraint::parse(text);
  if (!constraint) return {"refused"};
  std::vector<std::string> result;
  for (const char* version : versions) {
    if (constraint->allows(Version::parse(version).value())) result.emplace_back(version);
  }
  return result;
}

TEST(Constraint, matches_an_exact_version) {
  EXPECT_THAT(allowed("1.2.3"), ElementsAre("1.2.3"));
  EXPECT_THAT(allowed("=1.2.3"), ElementsAre("1.2.3"));
  EXPECT_THAT(allowed("v1.2.3"), ElementsAre("1.2.3"));
  EXPECT_THAT(allowed("1.2.4"), IsEmpty());
}

TEST(Constraint, ignores_build_metadata) {
  EXPECT_THAT(allowed("1.2.3+b1"), ElementsAre("1.2.3"));
  EXPECT_TRUE(Constraint::parse("1.0.1")->allows(Version::parse("1.0.1+b1").value()));
}

TEST(Constraint, takes_missing_and_open_parts_as_any) {
  EXPECT_THAT(allowed("2"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("2.x"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("2.X.X"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("1.2"), ElementsAre("1.2.0", "1.2.3"));
  EXPECT_THAT(allowed("1.2.*"), ElementsAre("1.2.0", "1.2.3"));
  EXPECT_THAT(allowed("*"), ElementsAre("0.0.1", "0.0.3", "0.2.0", "0.2.9", "0.3.0", "1.0.0",
                                        "1.2.0", "1.2.3", "1.3.0", "2.0.0", "2.4.0"));
}

TEST(Constraint, compares) {
  EXPECT_THAT(allowed(">2.0.0"), ElementsAre("2.4.0"));
  EXPECT_THAT(allowed(">= 2.0.0"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("=> 2.0.0"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("<0.0.3"), ElementsAre("0.0.1"));
  EXPECT_THAT(allowed("<=0.0.3"), ElementsAre("0.0.1", "0.0.3"));
  EXPECT_THAT(allowed("=<0.0.3"), ElementsAre("0.0.1", "0.0.3"));
}

TEST(Constraint, compares_with_open_parts) {
  EXPECT_THAT(allowed(">1"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed(">1.2"), ElementsAre("1.3.0", "2.0.0", "2.4.0"));
  EXPECT_THAT(allowed(">*"), ElementsAre("0.0.1", "0.0.3", "0.2.0", "0.2.9", "0.3.0", "1.0.0",
                                         "1.2.0", "1.2.3", "1.3.0", "2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("<=0.2"), ElementsAre("0.0.1", "0.0.3", "0.2.0", "0.2.9"));
  EXPECT_THAT(allowed("<=0"), ElementsAre("0.0.1", "0.0.3", "0.2.0", "0.2.9", "0.3.0"));
  EXPECT_THAT(allowed("<0.2"), ElementsAre("0.0.1", "0.0.3"));
}

TEST(Constraint, takes_versions_that_differ) {
  EXPECT_THAT(allowed("!=2.4.0, 2"), ElementsAre("2.0.0"));
  EXPECT_THAT(allowed("!=1, >=1"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("!=1.2.x, ^1"), ElementsAre("1.0.0", "1.3.0"));
}

TEST(Constraint, takes_a_tilde_as_the_same_minor_version) {
  EXPECT_THAT(allowed("~1.2.1"), ElementsAre("1.2.3"));
  EXPECT_THAT(allowed("~>1.2"), ElementsAre("1.2.0", "1.2.3"));
  EXPECT_THAT(allowed("~1"), ElementsAre("1.0.0", "1.2.0", "1.2.3", "1.3.0"));
  EXPECT_THAT(allowed("~0.2"), ElementsAre("0.2.0", "0.2.9"));
}

TEST(Constraint, takes_a_caret_as_the_same_leftmost_number_that_is_not_zero) {
  EXPECT_THAT(allowed("^1.2.1"), ElementsAre("1.2.3", "1.3.0"));
  EXPECT_THAT(allowed("^1"), ElementsAre("1.0.0", "1.2.0", "1.2.3", "1.3.0"));
  EXPECT_THAT(allowed("^0.2"), ElementsAre("0.2.0", "0.2.9"));
  EXPECT_THAT(allowed("^0.0.3"), ElementsAre("0.0.3"));
  EXPECT_THAT(allowed("^0.0"), ElementsAre("0.0.1", "0.0.3"));
  EXPECT_THAT(allowed("^0"), ElementsAre("0.0.1", "0.0.3", "0.2.0", "0.2.9", "0.3.0"));
}

TEST(Constraint, takes_comma_and_space_as_and) {
  EXPECT_THAT(allowed(">=1.2,<2"), ElementsAre("1.2.0", "1.2.3", "1.3.0"));
  EXPECT_THAT(allowed(" >= 1.2 < 2 "), ElementsAre("1.2.0", "1.2.3", "1.3.0"));
  EXPECT_THAT(allowed(">= 1.2 , < 2"), ElementsAre("1.2.0", "1.2.3", "1.3.0"));
  EXPECT_THAT(allowed("1.2.0 1.3.0"), IsEmpty());
}

TEST(Constraint, takes_two_bars_as_or) {
  EXPECT_THAT(allowed("<0.0.3||2.0.0"), ElementsAre("0.0.1", "2.0.0"));
  EXPECT_THAT(allowed("~0.2.1 || >= 1.3, < 2 || 2"),
              ElementsAre("0.2.9", "1.3.0", "2.0.0", "2.4.0"));
}

TEST(Constraint, takes_a_hyphen_between_spaces_as_a_range) {
  EXPECT_THAT(allowed("1.2 - 2.0.0"), ElementsAre("1.2.0", "1.2.3", "1.3.0", "2.0.0"));
  EXPECT_THAT(allowed("1.2 - 2"), ElementsAre("1.2.0", "1.2.3", "1.3.0", "2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("0.2.0 - 0.2.9 || 2 - 3"), ElementsAre("0.2.0", "0.2.9", "2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("1.2 - 2, 1.3 - 3"), ElementsAre("1.3.0", "2.0.0", "2.4.0"));
}

TEST(Constraint, allows_pre_releases_only_where_it_names_one) {
  EXPECT_THAT(allowed("2.x"), ElementsAre("2.0.0", "2.4.0"));
  EXPECT_THAT(allowed("2.4.0-beta"), ElementsAre("2.4.0-beta"));
  EXPECT_THAT(allowed(">=2.x-0"), ElementsAre("2.0.0", "2.4.0-beta", "2.4.0"));
  EXPECT_THAT(allowed(">1.3.0-0 <=2.4.0"), ElementsAre("1.3.0", "2.0.0", "2.4.0-beta", "2.4.0"));
  // One alternative that names a pre-release says nothing about the other.
  EXPECT_THAT(allowed("0.0.1-0 || >1.3"), ElementsAre("2.0.0", "2.4.0"));
}

TEST(Constraint, refuses_what_is_none) {
  for (const char* text :
       {"",         " ",       "a",      "latest", "1.2.3.4", "==1",
        "! =1",     "> =1",    "><1",    "1,",     ",1",      "1,,2",
        "1;2",      ">=1.2<3", "1.2 -3", "1.2- 3", "1 |",     "1 | 2",
        "|| 1",     "1 ||",    "1||||2", "V1",     "vv1",     "1.2.3-",
        "1.2.3-01", "1.x1",    "xx",     "^1 - 2", "1 2 - 3", "18446744073709551616",
        "1.2.3_4",  "../1"}) {
    EXPECT_THAT(allowed(text), ElementsAre("refused")) << '"' << text << '"';
  }
}

TEST(Constraint, refuses_long_texts) {
  std::string text = "1";
  while (text.size() < 1023) text += "||1";
  EXPECT_TRUE(Constraint::parse(text.substr(0, 1024)).has_value());
  EXPECT_FALSE(Constraint::parse(text + "||1").has_value());
}

}  // namespace
}  // namespace chartmuseum::chart
