// SPDX-License-Identifier: Apache-2.0
#include "http/headers.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

TEST(Headers, finds_names_in_any_case_and_the_first_of_several) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");
  EXPECT_EQ(headers.get("accept"), "a");
  EXPECT_EQ(headers.count("Accept"), 2U);
  EXPECT_EQ(headers.get("Accep"), std::nullopt);
}

TEST(Headers, set_leaves_one_field_of_the_name) {
  Headers headers;
  headers.add("a", "1");
  headers.add("b", "2");
  headers.add("A", "3");
  headers.set("a", "4");
  EXPECT_EQ(headers.fields(), (std::vector<Headers::Field>{{"b", "2"}, {"a", "4"}}));
}

TEST(Headers, looks_for_tokens_in_all_lists_of_a_name) {
  Headers headers;
  headers.add("Connection", "Upgrade");
  headers.add("connection", "x , CLOSE");
  EXPECT_TRUE(headers.lists("Connection", "close"));
  EXPECT_TRUE(headers.lists("Connection", "upgrade"));
  EXPECT_FALSE(headers.lists("Connection", "clos"));
  EXPECT_FALSE(headers.lists("Transfer-Encoding", "close"));
}

}  // namespace
}  // namespace chartmuseum::http
