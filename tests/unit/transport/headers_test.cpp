// SPDX-License-Identifier: Apache-2.0
#include "transport/headers.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::transport {
namespace {

TEST(Headers, are_found_by_names_of_any_case) {
  const Headers headers{{"Content-Type", "a"}, {"content-type", "b"}};
  EXPECT_EQ(headers.get("CONTENT-TYPE"), "a");
  EXPECT_EQ(headers.get("Content"), std::nullopt);
}

TEST(Headers, can_be_replaced) {
  Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  headers.set("a", "4");
  EXPECT_EQ(headers.all(), (std::vector<Header>{{"b", "2"}, {"a", "4"}}));
}

TEST(Headers, cannot_be_sent_if_they_would_end_the_line) {
  EXPECT_TRUE(is_sendable({"X-A", "b c\td é"}));
  EXPECT_TRUE(is_sendable({"X-A", ""}));
  EXPECT_FALSE(is_sendable({"X-A", "b\r\nX-B: c"}));
  EXPECT_FALSE(is_sendable({"X-A", std::string("b\0c", 3)}));
  EXPECT_FALSE(is_sendable({"X A", "b"}));
  EXPECT_FALSE(is_sendable({"X-A: b\r\nX-B", "c"}));
  EXPECT_FALSE(is_sendable({"", "b"}));
}

}  // namespace
}  // namespace chartmuseum::transport
