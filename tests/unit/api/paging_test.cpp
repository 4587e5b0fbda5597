// SPDX-License-Identifier: Apache-2.0
#include "api/paging.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::api {
namespace {

std::expected<Page, std::string_view> page_of(const std::string& query) {
  return read_page(http::Target::parse("/api/charts" + query).value());
}

constexpr std::string_view kBadOffset = "offset is not a valid non-negative integer";
constexpr std::string_view kBadLimit = "limit is not a valid positive integer";

TEST(Paging, is_everything_unless_asked_for_less) {
  EXPECT_EQ(page_of(""), Page{});
  EXPECT_EQ(page_of("?force"), Page{});
}

TEST(Paging, takes_offset_and_limit_together_or_alone) {
  EXPECT_EQ(page_of("?offset=3&limit=7"), (Page{3, 7}));
  EXPECT_EQ(page_of("?offset=3"), (Page{3, std::nullopt}));
  EXPECT_EQ(page_of("?limit=7"), (Page{0, 7}));
  EXPECT_EQ(page_of("?offset=0"), Page{});
}

TEST(Paging, takes_what_go_takes_for_an_integer) {
  EXPECT_EQ(page_of("?offset=007"), (Page{7, std::nullopt}));
  EXPECT_EQ(page_of("?offset=%2B5"), (Page{5, std::nullopt}));
  EXPECT_EQ(page_of("?offset=-0"), Page{});
}

TEST(Paging, refuses_a_bad_offset) {
  for (const std::string bad : {"", "-1", "x", "1x", "1.0", "0x1", "%20", "+1", "%2B-1",
                                "9223372036854775808", "99999999999999999999999"}) {
    const auto page = page_of("?offset=" + bad);
    ASSERT_FALSE(page) << bad;
    EXPECT_EQ(page.error(), kBadOffset);
  }
}

TEST(Paging, refuses_a_bad_limit) {
  for (const std::string bad : {"", "0", "-1", "x", "1.5"}) {
    const auto page = page_of("?limit=" + bad);
    ASSERT_FALSE(page) << bad;
    EXPECT_EQ(page.error(), kBadLimit);
  }
}

TEST(Paging, checks_the_offset_first) {
  EXPECT_EQ(page_of("?limit=x&offset=x").error(), kBadOffset);
  EXPECT_EQ(page_of("?limit=x&offset=1").error(), kBadLimit);
}

}  // namespace
}  // namespace chartmuseum::api
