// SPDX-License-Identifier: Apache-2.0
#include "base/rope.hpp"

#include <gtest/gtest.h>

namespace chartmuseum {
namespace {

TEST(Rope, joins_whole_texts_and_parts_of_them) {
  const auto shared = std::make_shared<const std::string>("0123456789");
  Rope rope;
  rope.append(std::string("<"));
  rope.append(shared, std::string_view(*shared).substr(2, 3));
  rope.append(shared);
  EXPECT_EQ(rope.to_string(), "<2340123456789");
  EXPECT_EQ(rope.size(), 14u);
  EXPECT_EQ(rope.pieces().size(), 3u);
}

TEST(Rope, keeps_its_pieces_alive) {
  Rope rope;
  {
    auto owner = std::make_shared<const std::string>("kept");
    rope.append(owner);
  }
  EXPECT_EQ(rope.to_string(), "kept");
}

TEST(Rope, has_no_empty_pieces) {
  Rope rope;
  rope.append(std::string());
  EXPECT_TRUE(rope.empty());
  EXPECT_TRUE(rope.pieces().empty());
}

}  // namespace
}  // namespace chartmuseum
