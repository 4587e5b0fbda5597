// SPDX-License-Identifier: Apache-2.0
#include "auth/secret.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <utility>

namespace chartmuseum::auth {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, keeps_what_it_was_given) {
  EXPECT_EQ(Secret().reveal(), "");
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
  Secret secret("one");
  secret = Secret("two");
  const Secret copy = secret;
  const Secret moved = std::move(secret);
  EXPECT_EQ(copy.reveal(), "two");
  EXPECT_EQ(moved.reveal(), "two");
}

TEST(Secret, leaves_nothing_behind_when_it_is_moved) {
  Secret secret("short");
  const char* const where = secret.reveal().data();
  const Secret moved = std::move(secret);
  EXPECT_EQ(moved.reveal().data(), where);
}

TEST(Secret, cannot_be_printed) {
  EXPECT_TRUE(Printable<std::string_view>);
  EXPECT_FALSE(Printable<Secret>);
}

}  // namespace
}  // namespace chartmuseum::auth
