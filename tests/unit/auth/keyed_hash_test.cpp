// SPDX-License-Identifier: Apache-2.0
#include "auth/keyed_hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

TEST(KeyedHash, is_the_same_for_the_same_parts_only) {
  const KeyedHash hash;
  EXPECT_EQ(hash({"alice", "secret"}), hash({"alice", "secret"}));
  EXPECT_NE(hash({"alice", "secret"}), hash({"alice", "secreT"}));
  EXPECT_NE(hash({"ab", "c"}), hash({"a", "bc"}));
  EXPECT_NE(hash({"a"}), hash({"a", ""}));
  EXPECT_NE(hash({""}), hash({}));
}

TEST(KeyedHash, has_a_key_of_its_own) {
  EXPECT_NE(KeyedHash()({"alice"}), KeyedHash()({"alice"}));
}

TEST(KeyedHash, takes_texts_of_any_size) {
  const KeyedHash hash;
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(hash({large}), hash({large}));
  EXPECT_NE(hash({large}), hash({large + 'x'}));
}

TEST(KeyedDigest, is_compared_to_the_last_byte) {
  KeyedDigest a{};
  KeyedDigest b{};
  EXPECT_TRUE(equal(a, b));
  b.back() = 1;
  EXPECT_FALSE(equal(a, b));
}

}  // namespace
}  // namespace chartmuseum::auth
