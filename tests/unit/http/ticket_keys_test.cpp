// SPDX-License-Identifier: Apache-2.0
#include "http/ticket_keys.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

using namespace std::chrono_literals;

class TicketKeysTest : public testing::Test {
 protected:
  TicketKeys keys_;
  TicketKeys::Clock::time_point now_ = TicketKeys::Clock::now();
};

TEST_F(TicketKeysTest, seal_with_one_key_for_a_while) {
  const auto first = keys_.sealing_key(now_);
  EXPECT_EQ(keys_.sealing_key(now_ + TicketKeys::kRotation - 1s)->name, first->name);
  const auto found = keys_.opening_key(first->name, now_ + 1s);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->current);
  EXPECT_EQ(found->key.encryption, first->encryption);
}

TEST_F(TicketKeysTest, open_with_the_key_before_and_ask_for_a_new_ticket) {
  const auto first = keys_.sealing_key(now_);
  const auto second = keys_.sealing_key(now_ + TicketKeys::kRotation);
  EXPECT_NE(second->name, first->name);
  EXPECT_NE(second->encryption, first->encryption);
  const auto found = keys_.opening_key(first->name, now_ + TicketKeys::kRotation);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->current);
}

TEST_F(TicketKeysTest, forget_what_is_older) {
  const auto first = keys_.sealing_key(now_);
  static_cast<void>(keys_.sealing_key(now_ + TicketKeys::kRotation));
  static_cast<void>(keys_.sealing_key(now_ + 2 * TicketKeys::kRotation));
  EXPECT_FALSE(keys_.opening_key(first->name, now_ + 2 * TicketKeys::kRotation));
}

TEST_F(TicketKeysTest, know_only_their_own) {
  TicketKeys others;
  static_cast<void>(keys_.sealing_key(now_));
  EXPECT_FALSE(keys_.opening_key(others.sealing_key(now_)->name, now_));
}

}  // namespace
}  // namespace chartmuseum::http
