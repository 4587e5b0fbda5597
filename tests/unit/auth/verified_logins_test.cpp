// SPDX-License-Identifier: Apache-2.0
#include "auth/verified_logins.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

/// All in one set, so that they contend.
KeyedDigest login(std::uint8_t number) {
  KeyedDigest digest{};
  digest[0] = 7;
  digest[31] = number;
  return digest;
}

TEST(VerifiedLogins, contain_what_was_put_in) {
  VerifiedLogins logins;
  EXPECT_FALSE(logins.contains(login(1)));
  logins.insert(login(1));
  EXPECT_TRUE(logins.contains(login(1)));
  EXPECT_FALSE(logins.contains(login(2)));
}

TEST(VerifiedLogins, forget_the_one_that_was_not_used_for_longest) {
  VerifiedLogins logins;
  for (std::uint8_t number = 1; number <= 8; ++number) logins.insert(login(number));
  EXPECT_TRUE(logins.contains(login(1)));  // used again
  logins.insert(login(9));
  EXPECT_TRUE(logins.contains(login(1)));
  EXPECT_FALSE(logins.contains(login(2)));
  for (std::uint8_t number = 3; number <= 9; ++number) EXPECT_TRUE(logins.contains(login(number)));
}

TEST(VerifiedLogins, hold_each_once) {
  VerifiedLogins logins;
  logins.insert(login(1));
  for (int again = 0; again < 20; ++again) logins.insert(login(2));
  EXPECT_TRUE(logins.contains(login(1)));
}

TEST(VerifiedLogins, hold_about_a_thousand_of_a_keyed_hash) {
  const KeyedHash hash;
  VerifiedLogins logins;
  for (int number = 0; number < 5000; ++number) logins.insert(hash({std::to_string(number)}));
  int kept = 0;
  for (int number = 0; number < 5000; ++number) {
    if (logins.contains(hash({std::to_string(number)}))) ++kept;
  }
  EXPECT_EQ(kept, 1024);
}

}  // namespace
}  // namespace chartmuseum::auth
