// SPDX-License-Identifier: Apache-2.0
#include "auth/action.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::auth {
namespace {

TEST(Action, is_known_by_its_word) {
  EXPECT_EQ(text_of(Action::pull), "pull");
  EXPECT_EQ(text_of(Action::push), "push");
  EXPECT_EQ(text_of(Action::delete_), "delete");
  for (const Action action : kActions) EXPECT_EQ(action_from(text_of(action)), action);
}

TEST(Action, is_no_other_word) {
  for (const char* word : {"", "Pull", "pull ", "delete_", "*", "read"}) {
    EXPECT_EQ(action_from(word), std::nullopt) << word;
  }
}

}  // namespace
}  // namespace chartmuseum::auth
