// SPDX-License-Identifier: Apache-2.0
#include "chart/gzip.hpp"

#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::chart {
namespace {

using testing::gzip;

constexpr std::uint64_t kNoLimit = 1'000'000'000;

struct Read {
  std::string bytes;
  std::string failure;

  bool operator==(const Read&) const = default;
};

Read read_all(std::string_view data, std::uint64_t limit = kNoLimit) {
  GzipReader reader(data, limit);
  Read read;
  for (;;) {
    const std::string_view part = reader.read(1000);
    read.bytes += part;
    if (part.size() < 1000) break;
  }
  read.failure = reader.failure().value_or("");
  return read;
}

// Text that does not compress well, so that a package of it is no tiny one.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  unsigned state = 1;
  for (char& c : text) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>(state >> 24U);
  }
  return text;
}

TEST(GzipReader, gives_what_was_compressed) {
  for (const std::size_t size : {0U, 1U, 511U, 5'000U, 100'000U, 10'000'000U}) {
    EXPECT_EQ(read_all(gzip(noise(size))), (Read{noise(size), ""})) << size;
    EXPECT_EQ(read_all(gzip(std::string(size, 'a'))), (Read{std::string(size, 'a'), ""})) << size;
  }
}

TEST(GzipReader, takes_several_members_as_one_stream) {
  EXPECT_EQ(read_all(gzip("one ") + gzip("") + gzip("two")), (Read{"one two", ""}));
  EXPECT_EQ(read_all(gzip(noise(5000)) + gzip("two")), (Read{noise(5000) + "two", ""}));
}

TEST(GzipReader, refuses_what_is_no_gzip) {
  EXPECT_EQ(read_all(""), (Read{"", "EOF"}));
  EXPECT_EQ(read_all("\x1f\x8b"), (Read{"", "unexpected EOF"}));
  EXPECT_EQ(read_all("PK and ten more bytes"), (Read{"", "gzip: invalid header"}));
  std::string other_method = gzip("x");
  other_method[2] = 7;
  EXPECT_EQ(read_all(other_method), (Read{"", "gzip: invalid header"}));
}

TEST(GzipReader, notices_damage_only_where_it_stands) {
  for (const std::string& text : {std::string("short"), noise(5000)}) {
    std::string wrong_checksum = gzip(text);
    wrong_checksum[wrong_checksum.size() - 8] ^= 1;
    EXPECT_EQ(read_all(wrong_checksum), (Read{text, "gzip: invalid checksum"}));

    std::string wrong_size = gzip(text);
    wrong_size[wrong_size.size() - 4] ^= 1;
    EXPECT_EQ(read_all(wrong_size), (Read{text, "gzip: invalid checksum"}));

    const std::string whole = gzip(text);
    EXPECT_EQ(read_all(whole.substr(0, whole.size() - 8)), (Read{text, "unexpected EOF"}));
    EXPECT_EQ(read_all(whole + "x"), (Read{text, "unexpected EOF"}));
    EXPECT_EQ(read_all(whole + std::string(10, 'x')), (Read{text, "gzip: invalid header"}));

    GzipReader reader(wrong_checksum, kNoLimit);
    EXPECT_EQ(reader.read(text.size()), text);
    EXPECT_FALSE(reader.failure()) << "nobody has come to the checksum yet";
  }
}

TEST(GzipReader, gives_what_comes_before_a_cut) {
  const std::string text = noise(3000) + std::string(3000, 'a') + noise(3000);
  const std::string whole = gzip(text);
  std::size_t longest = 0;
  for (std::size_t size = 10; size < whole.size(); size += 7) {
    const Read read = read_all(whole.substr(0, size));
    EXPECT_EQ(read.failure, "unexpected EOF");
    EXPECT_TRUE(text.starts_with(read.bytes)) << size;
    EXPECT_GE(read.bytes.size(), longest) << size;
    longest = read.bytes.size();
  }
  EXPECT_GT(longest, 8000U);
}

TEST(GzipReader, says_like_Go_where_compressed_data_is_corrupt) {
  const std::string header = gzip("").substr(0, 10);
  EXPECT_EQ(read_all(header + "\x07zzzzzzzzzz").failure, "flate: corrupt input before offset 1");
  EXPECT_EQ(read_all(header + std::string("\x01\x05\x00\x05\x00hello", 10)).failure,
            "flate: corrupt input before offset 5");
}

TEST(GzipReader, refuses_the_codes_that_Go_refuses_in_tiny_members) {
  // libdeflate takes them, and finds the same zeros and checksum.
  const std::string whole = gzip(std::string(1000, '\0'));
  ASSERT_EQ(read_all(whole).failure, "");
  for (const std::size_t bit : {25U, 38U, 51U}) {
    std::string flipped = whole;
    flipped[10 + bit / 8] = static_cast<char>(flipped[10 + bit / 8] ^ 1 << bit % 8);
    EXPECT_TRUE(read_all(flipped).failure.starts_with("flate: corrupt input before offset "))
        << bit;
  }
}

TEST(GzipReader, reads_over_optional_header_fields) {
  const std::string plain = gzip("text");
  const auto with = [&](int flags, const std::string& fields) {
    std::string data = plain.substr(0, 10) + fields + plain.substr(10);
    data[3] = static_cast<char>(flags);
    return read_all(data);
  };
  const Read sound{"text", ""};
  EXPECT_EQ(with(0x04, std::string("\x03\0abc", 5)), sound);
  EXPECT_EQ(with(0x08, std::string("name\0", 5)), sound);
  EXPECT_EQ(with(0x18, std::string("name\0comment\0", 13)), sound);
  EXPECT_EQ(with(0xe0, ""), sound) << "reserved flags";
  EXPECT_EQ(with(0x02, "xx").failure, "gzip: invalid header") << "wrong header checksum";
  EXPECT_EQ(with(0x08, std::string(511, 'n') + '\0'), sound);
  EXPECT_EQ(with(0x08, std::string(512, 'n') + '\0').failure, "gzip: invalid header");
  EXPECT_EQ(with(0x04, "\xff\xff").failure, "unexpected EOF");
}

TEST(GzipReader, does_not_believe_the_size_that_data_claims) {
  const std::string text = noise(5000);
  for (const std::string_view size :
       {std::string_view("\xff\xff\xff\xff", 4), std::string_view("\0\0\0\0", 4),
        std::string_view("\x01\0\0\0", 4), std::string_view("\0\0\x10\0", 4)}) {
    std::string data = gzip(text);
    data.replace(data.size() - 4, 4, size);
    EXPECT_EQ(read_all(data), (Read{text, "gzip: invalid checksum"}));
  }
}

TEST(GzipReader, stops_a_bomb_at_the_limit) {
  const std::string bomb = gzip(std::string(20'000'000, '\0'));
  const Read read = read_all(bomb, 1'000'000);
  EXPECT_LE(read.bytes.size(), 1'000'000U);
  EXPECT_EQ(read.failure, "decompressed archive is too large");

  GzipReader start(bomb, kNoLimit);
  EXPECT_EQ(start.read(512), std::string(512, '\0'));
  EXPECT_LT(start.inflated(), 1'000'000U) << "who reads little of it inflates little";
}

TEST(GzipReader, keeps_lasting_bytes_while_it_lives) {
  for (const std::size_t size : {3'000U, 9'000'000U}) {
    const std::string text = noise(size);
    const std::string data = gzip(text) + gzip(text);
    GzipReader reader(data, kNoLimit);
    const std::string_view first = reader.read_lasting(1000);
    const std::string_view across = reader.read_lasting(size);
    EXPECT_EQ(reader.skip(size), size - 1000);
    EXPECT_EQ(first, text.substr(0, 1000));
    EXPECT_EQ(across, text.substr(1000) + text.substr(0, 1000));
    EXPECT_EQ(reader.skip(1), 0U);
    EXPECT_FALSE(reader.failure());
  }
}

}  // namespace
}  // namespace chartmuseum::chart
