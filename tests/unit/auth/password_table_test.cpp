// SPDX-License-Identifier: Apache-2.0
#include "auth/password_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace chartmuseum::auth {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::string kAlices = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const std::string kBobs = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";

PasswordTable parsed(const std::string& text) {
  return PasswordTable::parse(text, "users.htpasswd").value();
}

std::string refusal(const std::string& text) {
  const auto table = PasswordTable::parse(text, "users.htpasswd");
  return table ? "" : table.error();
}

TEST(PasswordTable, knows_the_hash_of_each_user) {
  const PasswordTable table = parsed("alice:" + kAlices + "\nbob:" + kBobs + "\n");
  ASSERT_NE(table.hash_of("alice"), nullptr);
  EXPECT_EQ(*table.hash_of("alice"), kAlices);
  ASSERT_NE(table.hash_of("bob"), nullptr);
  EXPECT_EQ(*table.hash_of("bob"), kBobs);
  EXPECT_EQ(table.hash_of("Alice"), nullptr);
  EXPECT_EQ(table.hash_of(""), nullptr);
}

TEST(PasswordTable, reads_past_comments_and_blank_lines) {
  const PasswordTable table =
      parsed("\xEF\xBB\xBF# users\r\n\r\n   \n#bob:x\nalice:" + kAlices + ":since May\r\n");
  ASSERT_NE(table.hash_of("alice"), nullptr);
  EXPECT_EQ(*table.hash_of("alice"), kAlices);
  EXPECT_EQ(table.hash_of("bob"), nullptr);
}

TEST(PasswordTable, needs_no_line_feed_at_the_end) {
  EXPECT_NE(parsed("alice:" + kAlices).hash_of("alice"), nullptr);
}

TEST(PasswordTable, may_have_any_utf_8_in_names) {
  EXPECT_NE(parsed("J\u00fcrgen M:" + kAlices).hash_of("J\u00fcrgen M"), nullptr);
}

TEST(PasswordTable, says_which_line_holds_what_is_not_taken_and_what_to_run) {
  EXPECT_EQ(refusal("# users\nalice:" + kAlices + "\nbob:$apr1$abc$def\n"),
            "line 3: the password of \"bob\" is hashed with MD5, too weak; set it anew with: "
            "htpasswd -B users.htpasswd bob");
}

TEST(PasswordTable, recommends_no_command_that_a_name_could_change) {
  EXPECT_THAT(refusal("bob; rm x:plain\n"), EndsWith("htpasswd -B users.htpasswd <user>"));
  EXPECT_THAT(refusal("$(x):plain\n"), EndsWith("htpasswd -B users.htpasswd <user>"));
}

TEST(PasswordTable, never_says_what_may_be_a_password) {
  for (const char* text :
       {"alice:hunter2\n", "hunter2\n", "alice hunter2\n", "alice:{SHA}hunter2\n",
        "alice:$2a$hunter2\n", "alice:$6$hunter2\n", ":hunter2\n"}) {
    EXPECT_THAT(refusal(text), HasSubstr("line 1: ")) << text;
    EXPECT_THAT(refusal(text), Not(HasSubstr("hunter2"))) << text;
  }
}

TEST(PasswordTable, refuses_names_that_nobody_could_have) {
  EXPECT_EQ(refusal(":" + kAlices), "line 1: the user has no name");
  EXPECT_EQ(refusal(" alice:" + kAlices), "line 1: the user's name begins or ends with a blank");
  EXPECT_EQ(refusal("alice :" + kAlices), "line 1: the user's name begins or ends with a blank");
  EXPECT_EQ(refusal(std::string(256, 'x') + ":" + kAlices),
            "line 1: the user's name is longer than 255 bytes");
  for (const std::string name : {"a\tb", "\xff", "a\x7f"}) {
    EXPECT_EQ(refusal(name + ":" + kAlices),
              "line 1: the user's name is not UTF-8 text without control characters");
  }
}

TEST(PasswordTable, refuses_a_user_who_is_there_twice) {
  EXPECT_EQ(refusal("alice:" + kAlices + "\nalice:" + kBobs),
            "line 2: the user \"alice\" is there twice");
}

// While somebody writes it anew, a file may be empty for a moment.
TEST(PasswordTable, refuses_a_file_without_users) {
  EXPECT_EQ(refusal(""), "it names no user");
  EXPECT_EQ(refusal("# nobody\n\n"), "it names no user");
}

TEST(PasswordTable, has_some_hash_for_any_number) {
  const PasswordTable table = parsed("alice:" + kAlices + "\nbob:" + kBobs + "\n");
  std::set<std::string> seen;
  for (std::uint64_t number = 0; number < 4; ++number) {
    EXPECT_EQ(table.some_hash(number), table.some_hash(number + 2));
    seen.insert(table.some_hash(number));
  }
  EXPECT_EQ(seen, (std::set<std::string>{kAlices, kBobs}));
  EXPECT_NE(table.some_hash(UINT64_MAX), "");
}

}  // namespace
}  // namespace chartmuseum::auth
