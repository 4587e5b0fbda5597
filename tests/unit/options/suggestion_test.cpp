// SPDX-License-Identifier: Apache-2.0
#include "options/suggestion.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace chartmuseum::options {
namespace {

constexpr std::array<std::string_view, 6> kWords{
    "port", "depth", "depth-dynamic", "storage", "storage-local-rootdir", "debug"};

TEST(Suggestion, finds_the_word_with_the_fewest_slips) {
  EXPECT_EQ(nearest("prot", kWords), "port") << "swapped";
  EXPECT_EQ(nearest("por", kWords), "port") << "left out";
  EXPECT_EQ(nearest("poort", kWords), "port") << "doubled";
  EXPECT_EQ(nearest("dept", kWords), "depth");
  EXPECT_EQ(nearest("storage-local-root-dir", kWords), "storage-local-rootdir");
  EXPECT_EQ(nearest("storage_local_rootdir", kWords), "storage-local-rootdir");
  EXPECT_EQ(nearest("Debug", kWords), "debug");
}

TEST(Suggestion, finds_nothing_where_nothing_is_near) {
  EXPECT_EQ(nearest("frobnicate", kWords), std::nullopt);
  EXPECT_EQ(nearest("", kWords), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'p'), kWords), std::nullopt);
  EXPECT_EQ(nearest("port", {}), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::options
