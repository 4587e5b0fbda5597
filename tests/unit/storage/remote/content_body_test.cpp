// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/content_body.hpp"

#include "base/rope.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace chartmuseum::storage {
namespace {

/// Read as a sender does, so many bytes at a time.
std::string read(const transport::BodySource& body, std::size_t at_once, std::uint64_t from = 0) {
  std::string all;
  std::string buffer(at_once, '\0');
  for (std::uint64_t offset = from; offset < body.size();) {
    const auto count = body.read(offset, buffer);
    if (!count || *count == 0) return "(stuck)";
    all.append(buffer, 0, *count);
    offset += *count;
  }
  return all;
}

Rope pieces() {
  Rope rope;
  for (const char* text : {"ab", "", "cdefg", "h"}) {
    rope.append(std::make_shared<const std::string>(text));
  }
  return rope;
}

TEST(ContentBody, is_all_pieces_one_after_the_other) {
  const Rope rope = pieces();
  const auto body = body_of(Content(rope));
  EXPECT_EQ(body->size(), 8U);
  for (const std::size_t at_once : {1UL, 3UL, 100UL}) EXPECT_EQ(read(*body, at_once), "abcdefgh");
}

TEST(ContentBody, can_be_read_from_any_place_again) {
  const Rope rope = pieces();
  const auto body = body_of(Content(rope));
  const std::string all = "abcdefgh";
  for (std::size_t from = 0; from < all.size(); ++from) {
    EXPECT_EQ(read(*body, 3, from), all.substr(from));
  }
}

TEST(ContentBody, can_be_a_part) {
  const Rope rope = pieces();
  const Content content(rope);
  const std::string all = "abcdefgh";
  for (std::size_t from = 0; from < all.size(); ++from) {
    for (std::size_t size = 1; from + size <= all.size(); ++size) {
      EXPECT_EQ(read(*body_of(content, from, size), 2), all.substr(from, size));
    }
  }
}

TEST(ContentBody, may_be_empty) {
  EXPECT_EQ(body_of(Content(std::string()))->size(), 0U);
}

}  // namespace
}  // namespace chartmuseum::storage
