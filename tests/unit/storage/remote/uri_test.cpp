// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/uri.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage {
namespace {

TEST(PercentEncoding, leaves_only_unreserved_characters) {
  EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encoded("a b+c%d/é"), "a%20b%2Bc%25d%2F%C3%A9");
  EXPECT_EQ(percent_encoded(std::string_view("\0\n", 2)), "%00%0A");
}

TEST(PercentEncoding, keeps_what_is_asked_for) {
  EXPECT_EQ(percent_encoded("a/b c", "/"), "a/b%20c");
}

TEST(PercentDecoding, takes_back_what_was_encoded_and_leaves_the_rest) {
  EXPECT_EQ(percent_decoded("a%20b%2Bc%25d%2f%C3%A9"), "a b+c%d/é");
  EXPECT_EQ(percent_decoded("%00%zz%1%+"), std::string("\0%zz%1%+", 8));
}

TEST(QueryString, encodes_names_and_values_in_the_order_given) {
  EXPECT_EQ(query_string({{"prefix", "a/b"}, {"a&", "="}, {"empty", ""}}),
            "prefix=a%2Fb&a%26=%3D&empty=");
  EXPECT_EQ(query_string({}), "");
}

}  // namespace
}  // namespace chartmuseum::storage
