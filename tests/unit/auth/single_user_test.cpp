// SPDX-License-Identifier: Apache-2.0
#include "auth/single_user.hpp"

#include "conformance/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace chartmuseum::auth {
namespace {

TEST(SingleUser, is_known_by_name_and_password) {
  const SingleUser user("alice", Secret("open sesame"));
  EXPECT_TRUE(user.matches("alice", "open sesame"));
  EXPECT_FALSE(user.matches("alice", "open sesam"));
  EXPECT_FALSE(user.matches("alice", "open sesame!"));
  EXPECT_FALSE(user.matches("alice", ""));
  EXPECT_FALSE(user.matches("Alice", "open sesame"));
  EXPECT_FALSE(user.matches("", "open sesame"));
  EXPECT_FALSE(user.matches("", ""));
}

TEST(SingleUser, is_not_known_by_the_same_letters_divided_elsewhere) {
  const SingleUser user("ab", Secret("c"));
  EXPECT_FALSE(user.matches("a", "bc"));
  EXPECT_FALSE(user.matches("abc", ""));
}

class PasswordOfFile : public testing::Test {
 protected:
  std::string read(std::string_view text) {
    std::ofstream(path_) << text;
    const auto password = read_password_of_file(path_);
    return password ? std::string(password->reveal()) : "error: " + password.error();
  }
  std::string refused(const std::string& reason) const {
    return "error: password file " + path_ + ": " + reason;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() / "password";
};

TEST_F(PasswordOfFile, is_all_of_the_file_but_one_line_end) {
  EXPECT_EQ(read("open sesame"), "open sesame");
  EXPECT_EQ(read("open sesame\n"), "open sesame");
  EXPECT_EQ(read("open sesame\r\n"), "open sesame");
  EXPECT_EQ(read(" with blanks \n"), " with blanks ");
}

TEST_F(PasswordOfFile, is_refused_if_no_client_could_send_it) {
  EXPECT_EQ(read(""), refused("it holds no password"));
  EXPECT_EQ(read("\n"), refused("it holds no password"));
  EXPECT_EQ(read("one\ntwo\n"), refused("it holds more than one line"));
  EXPECT_EQ(read("one\n\n"), refused("it holds more than one line"));
  EXPECT_EQ(read("a\tb"), refused("the password holds a control character, which no client can "
                                  "send (RFC 7617)"));
  EXPECT_EQ(read("\xff"), refused("the password is not UTF-8"));
}

TEST_F(PasswordOfFile, is_refused_if_the_file_cannot_be_read) {
  EXPECT_EQ(read_password_of_file(path_).error(),
            "password file " + path_ + ": No such file or directory");
  EXPECT_EQ(read(std::string(5000, 'x')), refused("it is larger than 4 KiB"));
}

}  // namespace
}  // namespace chartmuseum::auth
