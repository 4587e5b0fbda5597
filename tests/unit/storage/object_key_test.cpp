// SPDX-License-Identifier: Apache-2.0
#include "storage/object_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::storage {
namespace {

using namespace std::string_literals;

TEST(ObjectKey, takes_any_segment_that_stays_in_its_folder) {
  for (const std::string& name : {"a"s, "mychart-0.1.0+build.tgz"s, "..."s, "..a"s, "a b"s, "%2f"s,
                                  "\xc3\xa9"s, "\xff"s, std::string(255, 'x')}) {
    EXPECT_TRUE(valid_segment(name)) << name;
  }
}

TEST(ObjectKey, refuses_segments_that_would_leave_it) {
  for (const std::string& name :
       {""s, "."s, ".."s, "/"s, "a/b"s, "a\\b"s, "\0"s, "a\0.tgz"s, std::string(256, 'x')}) {
    EXPECT_FALSE(valid_segment(name)) << name;
  }
}

TEST(ObjectKey, is_segments_joined_by_single_slashes) {
  EXPECT_TRUE(valid_key("a"));
  EXPECT_TRUE(valid_key("org/team/a.tgz"));
  for (const char* key : {"", "/", "/a", "a/", "a//b", "a/./b", "a/../b", "..", "../a", "a/.."}) {
    EXPECT_FALSE(valid_key(key)) << key;
  }
}

TEST(ObjectKey, joins_a_folder_and_a_name) {
  EXPECT_EQ(join_key("", "a"), "a");
  EXPECT_EQ(join_key("org/team", "a"), "org/team/a");
}

TEST(ObjectKey, splits_into_a_folder_and_a_name) {
  EXPECT_EQ(split_key("a").folder, "");
  EXPECT_EQ(split_key("a").name, "a");
  EXPECT_EQ(split_key("org/team/a").folder, "org/team");
  EXPECT_EQ(split_key("org/team/a").name, "a");
}

}  // namespace
}  // namespace chartmuseum::storage
