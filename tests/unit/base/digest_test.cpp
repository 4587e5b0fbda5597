// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string_view>
#include <vector>

namespace chartmuseum {
namespace {

// FIPS 180-4's example for "abc".
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, is_the_sha256_of_the_bytes) {
  EXPECT_EQ(Digest::of("abc").hex(), kAbc);
}

TEST(Digest, reads_back_its_own_text_in_either_case) {
  EXPECT_EQ(Digest::from_hex(kAbc), Digest::of("abc"));
  std::string upper = kAbc;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(Digest::from_hex(upper), Digest::of("abc"));
}

TEST(Digest, refuses_text_of_another_length_or_alphabet) {
  EXPECT_FALSE(Digest::from_hex(""));
  EXPECT_FALSE(Digest::from_hex(std::string(kAbc) + "00"));
  std::string foreign = kAbc;
  foreign[10] = 'g';
  EXPECT_FALSE(Digest::from_hex(foreign));
}

TEST(Digest, of_pieces_is_that_of_the_whole) {
  const std::vector<std::string_view> pieces{"a", "", "bc"};
  EXPECT_EQ(Digest::of(pieces), Digest::of("abc"));
  EXPECT_EQ(Digest::of(std::span<const std::string_view>()), Digest::of(""));
}

}  // namespace
}  // namespace chartmuseum
