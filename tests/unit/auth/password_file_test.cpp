// SPDX-License-Identifier: Apache-2.0
#include "auth/password_file.hpp"

#include "conformance/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "U*U" and "U*U*"
const std::string kFirst = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const std::string kSecond = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK";

class PasswordFileTest : public testing::Test {
 protected:
  /// As a careful tool does it.
  void write(const std::string& text) {
    std::ofstream(folder_.path() / "new") << text;
    std::filesystem::rename(folder_.path() / "new", path_);
  }
  std::unique_ptr<PasswordFile> open() { return PasswordFile::open(path_, log_).value(); }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() / "users";
  std::vector<std::string> lines_;
  telemetry::Log log_ =
      telemetry::Log::to({}, [this](std::string_view line) { lines_.emplace_back(line); });
};

TEST_F(PasswordFileTest, verifies_a_user_by_the_right_password_only) {
  write("alice:" + kFirst + "\nbob:" + kSecond + "\n");
  const auto file = open();
  EXPECT_TRUE(file->verify("alice", "U*U"));
  EXPECT_TRUE(file->verify("bob", "U*U*"));
  EXPECT_FALSE(file->verify("alice", "U*U*"));
  EXPECT_FALSE(file->verify("alice", ""));
}

// For whom somebody else's hash stands in.
TEST_F(PasswordFileTest, verifies_no_unknown_user_by_the_password_of_another) {
  write("alice:" + kFirst + "\n");
  const auto file = open();
  EXPECT_FALSE(file->verify("mallory", "U*U"));
  EXPECT_FALSE(file->verify("", "U*U"));
  EXPECT_FALSE(file->recently_verified("mallory", "U*U"));
}

TEST_F(PasswordFileTest, remembers_what_it_verified) {
  write("alice:" + kFirst + "\n");
  const auto file = open();
  EXPECT_FALSE(file->recently_verified("alice", "U*U"));
  EXPECT_TRUE(file->verify("alice", "U*U"));
  EXPECT_TRUE(file->recently_verified("alice", "U*U"));
  EXPECT_FALSE(file->verify("alice", "wrong"));
  EXPECT_FALSE(file->recently_verified("alice", "wrong"));
  EXPECT_FALSE(file->recently_verified("bob", "U*U"));
}

TEST_F(PasswordFileTest, forgets_what_it_verified_when_the_file_changes) {
  write("alice:" + kFirst + "\n");
  const auto file = open();
  EXPECT_TRUE(file->verify("alice", "U*U"));
  write("alice:" + kSecond + "\n");
  file->look_now();
  EXPECT_FALSE(file->recently_verified("alice", "U*U"));
  EXPECT_FALSE(file->verify("alice", "U*U"));
  EXPECT_TRUE(file->verify("alice", "U*U*"));
}

TEST_F(PasswordFileTest, keeps_the_users_of_before_while_the_file_is_broken) {
  write("alice:" + kFirst + "\n");
  const auto file = open();
  for (const char* broken : {"", "alice:", "alice:hunter2"}) {
    write(broken);
    file->look_now();
    EXPECT_TRUE(file->verify("alice", "U*U"));
  }
  EXPECT_THAT(lines_,
              ElementsAre(HasSubstr("it names no user"), HasSubstr("line 1"), HasSubstr("line 1")));
  for (const std::string& line : lines_) EXPECT_EQ(line.find("hunter2"), std::string::npos);
}

TEST_F(PasswordFileTest, is_refused_at_first_with_file_line_and_what_to_run) {
  write("alice:" + kFirst + "\nbob:secret\n");
  EXPECT_EQ(PasswordFile::open(path_, log_).error(),
            "password file " + path_ +
                ": line 2: the password of \"bob\" is not hashed in a form that is taken here "
                "(bcrypt, SHA-crypt, yescrypt); set it anew with: htpasswd -B " +
                path_ + " bob");
}

TEST_F(PasswordFileTest, can_be_asked_by_many_threads_while_the_file_changes) {
  write("alice:" + kFirst + "\n");
  const auto file = open();
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        EXPECT_TRUE(file->recently_verified("alice", "U*U") || file->verify("alice", "U*U"));
        EXPECT_FALSE(file->recently_verified("alice", "wrong"));
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    write("alice:" + kFirst + "\nuser" + std::to_string(i) + ":" + kSecond + "\n");
    file->look_now();
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace chartmuseum::auth
