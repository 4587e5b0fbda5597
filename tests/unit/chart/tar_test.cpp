// SPDX-License-Identifier: Apache-2.0
#include "chart/tar.hpp"

#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartmuseum::chart {
namespace {

using testing::gzip;
using testing::octal;
using testing::pax_header;
using testing::pax_record;
using testing::tar_end;
using testing::tar_header;
using testing::tar_member;
using testing::TarFields;

constexpr std::string_view kInvalid = "archive/tar: invalid tar header";
const std::string kGnuMagic("ustar  \0", 8);

struct Seen {
  std::string name;
  std::string data;

  bool operator==(const Seen&) const = default;
  friend void PrintTo(const Seen& seen, std::ostream* out) {
    *out << seen.name << "=" << seen.data;
  }
};

struct Listing {
  std::vector<Seen> members;
  std::string error;
};

Listing list(const std::string& tar) {
  const std::string bytes = gzip(tar);
  GzipReader stream(bytes, 100'000'000);
  TarReader reader(stream);
  Listing listing;
  for (;;) {
    const auto member = reader.next();
    if (!member) {
      listing.error = member.error().message;
      return listing;
    }
    if (*member == nullptr) return listing;
    if ((*member)->is_global_header) continue;
    const std::string name = (*member)->name + ((*member)->is_directory ? "|directory" : "");
    const auto data = reader.read();
    if (!data) {
      listing.error = data.error().message;
      return listing;
    }
    listing.members.push_back({name, std::string(*data)});
  }
}

using Members = std::vector<Seen>;

const std::string kFirst = tar_member("a/first", "1");

TEST(TarReader, ends_at_two_blocks_of_zeros_or_at_the_end_of_the_stream) {
  const Members one = {{"a/first", "1"}};
  for (const std::string& end :
       {tar_end(), tar_end() + kFirst, std::string(512, '\0'), std::string()}) {
    EXPECT_EQ(list(kFirst + end).members, one);
    EXPECT_EQ(list(kFirst + end).error, "");
  }
  EXPECT_EQ(list(kFirst + std::string(512, '\0') + kFirst).error, kInvalid);
  EXPECT_EQ(list(kFirst + std::string(100, '\0')).error, "unexpected EOF");
  EXPECT_EQ(list(kFirst + std::string(700, '\0')).error, "unexpected EOF");
}

TEST(TarReader, forgives_missing_padding_but_no_missing_data) {
  EXPECT_EQ(list(kFirst.substr(0, 513)).members.size(), 1U);
  EXPECT_EQ(list(kFirst.substr(0, 513)).error, "");
  EXPECT_EQ(list(kFirst.substr(0, 512)).error, "unexpected EOF");
}

TEST(TarReader, refuses_a_wrong_checksum) {
  std::string damaged = kFirst;
  damaged[0] = 'b';
  EXPECT_EQ(list(damaged).error, kInvalid);
}

TEST(TarReader, takes_the_signed_checksum_of_old_tars) {
  TarFields fields;
  fields.name = "a/\xff";
  std::string block = tar_header(fields);
  std::size_t sum = 8 * ' ';
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (i < 148 || i >= 156) sum += static_cast<std::size_t>(static_cast<signed char>(block[i]));
  }
  block.replace(148, 7, octal(sum, 6));
  EXPECT_EQ(list(block).members, (Members{{"a/\xff", ""}}));
}

TEST(TarReader, joins_prefix_and_name) {
  TarFields fields;
  fields.name = "name";
  fields.prefix = "long/prefix";
  EXPECT_EQ(list(tar_member(fields, "x")).members, (Members{{"long/prefix/name", "x"}}));
  fields.magic = std::string(8, '\0');
  EXPECT_EQ(list(tar_member(fields, "x")).members, (Members{{"name", "x"}})) << "V7 has none";
  fields.magic = kGnuMagic;
  fields.prefix = octal(0, 11) + octal(0, 11);
  EXPECT_EQ(list(tar_member(fields, "x")).members, (Members{{"name", "x"}})) << "GNU has times";
}

TEST(TarReader, reads_sizes_in_octal_and_in_base_256) {
  TarFields fields;
  fields.name = "a";
  for (const std::string& size : {octal(3, 11), std::string("3 "), std::string("  3\0", 4),
                                  "\x80" + std::string(10, '\0') + "\x03"}) {
    fields.size = size;
    EXPECT_EQ(list(tar_member(fields, "abc")).members, (Members{{"a", "abc"}}));
  }
  for (const std::string& size : {std::string("9"), std::string("1 1"), std::string(12, '\xff'),
                                  "\x80" + std::string(11, '\xff')}) {
    fields.size = size;
    EXPECT_EQ(list(tar_member(fields, "abc")).error, kInvalid);
  }
}

TEST(TarReader, takes_links_and_devices_as_members_without_data) {
  TarFields fields;
  fields.name = "a/x";
  for (const char type : {'1', '2', '3', '4', '6'}) {
    fields.type = type;
    EXPECT_EQ(list(tar_header(fields, 1000) + kFirst).members,
              (Members{{"a/x", ""}, {"a/first", "1"}}));
  }
  for (const char type : {'7', 'A', 'V', '\0'}) {
    fields.type = type;
    EXPECT_EQ(list(tar_member(fields, "data")).members, (Members{{"a/x", "data"}}));
  }
}

TEST(TarReader, knows_directories_by_type_mode_or_old_custom) {
  TarFields by_type;
  by_type.type = '5';
  TarFields by_mode;
  by_mode.mode = 040755;
  TarFields old;
  old.type = '\0';
  for (TarFields* fields : {&by_type, &by_mode, &old}) {
    fields->name = "a/";
    EXPECT_EQ(list(tar_member(*fields, "")).members, (Members{{"a/|directory", ""}}));
  }
  EXPECT_EQ(list(tar_member("a/", "")).members, (Members{{"a/", ""}})) << "a file, by its type";
}

TEST(TarReader, lets_pax_records_override_the_header) {
  const std::string next = tar_member("b", "12345");
  EXPECT_EQ(list(pax_header(pax_record("path", "long/name")) + next).members,
            (Members{{"long/name", "12345"}}));
  EXPECT_EQ(list(pax_header(pax_record("size", "3") + pax_record("path", "")) + next).members,
            (Members{{"b", "123"}}));
  EXPECT_EQ(list(pax_header(pax_record("path", "x")) + pax_header("") + next).members,
            (Members{{"b", "12345"}}))
      << "only the last extended header counts";
  EXPECT_EQ(list(pax_header(pax_record("path", "x"), 'g') + next).members,
            (Members{{"b", "12345"}}))
      << "a global header is passed over";
}

TEST(TarReader, refuses_malformed_pax_records) {
  const std::string next = tar_member("b", "");
  for (const std::string& records :
       {std::string("x"), std::string("5 ab\n"), std::string("6 a=b"), std::string("7 a=b\n"),
        std::string("6 abc\n"), std::string("6 =ab\n"), pax_record("size", "x"),
        pax_record("mtime", "1.x"), pax_record("uid", "1.0"),
        pax_record("path", std::string("a\0b", 3))}) {
    EXPECT_EQ(list(pax_header(records) + next).error, kInvalid) << records;
  }
}

TEST(TarReader, takes_long_names_of_GNU_tar) {
  TarFields fields;
  fields.magic = kGnuMagic;
  fields.type = 'L';
  const std::string name(300, 'n');
  const std::string long_name = tar_member(fields, name + '\0');
  EXPECT_EQ(list(long_name + tar_member("b", "x")).members, (Members{{name, "x"}}));
  EXPECT_EQ(list(pax_header(pax_record("path", "p")) + long_name + tar_member("b", "x")).members,
            (Members{{name, "x"}}));
  fields.type = 'K';
  EXPECT_EQ(list(tar_member(fields, "target") + tar_member("b", "x")).members,
            (Members{{"b", "x"}}));
}

TEST(TarReader, refuses_extensions_over_a_mebibyte) {
  const std::string next = tar_member("b", "");
  TarFields fields;
  fields.type = 'L';
  EXPECT_EQ(list(tar_member(fields, std::string(1U << 20U, 'n')) + next).error, "");
  EXPECT_EQ(list(tar_member(fields, std::string((1U << 20U) + 1, 'n')) + next).error,
            "archive/tar: header field too long");
}

std::string sparse_records(std::string_view major, std::string_view minor,
                           const std::string& more = "") {
  return pax_header(pax_record("GNU.sparse.major", major) + pax_record("GNU.sparse.minor", minor) +
                    pax_record("GNU.sparse.name", "a/sparse") +
                    pax_record("GNU.sparse.realsize", "10") + more);
}

std::string block_of(std::string text) {
  text.resize(512);
  return text;
}

TEST(TarReader, fills_the_holes_of_sparse_files) {
  const Members filled = {{"a/sparse", std::string("\0\0abc\0\0de\0", 10)}};
  EXPECT_EQ(list(sparse_records("1", "0") + tar_member("x", block_of("2\n2\n3\n7\n2\n") + "abcde"))
                .members,
            filled);
  const std::string map =
      pax_record("GNU.sparse.numblocks", "2") + pax_record("GNU.sparse.map", "2,3,7,2");
  EXPECT_EQ(list(sparse_records("0", "1", map) + tar_member("x", "abcde")).members, filled);
  std::string pairs = pax_record("GNU.sparse.numblocks", "2");
  for (const auto& [offset, length] : {std::pair("2", "3"), std::pair("7", "2")}) {
    pairs += pax_record("GNU.sparse.offset", offset) + pax_record("GNU.sparse.numbytes", length);
  }
  EXPECT_EQ(list(sparse_records("0", "0", pairs) + tar_member("x", "abcde")).members, filled);

  TarFields gnu;
  gnu.name = "a/sparse";
  gnu.type = 'S';
  gnu.magic = kGnuMagic;
  gnu.overwrite = {{386, octal(2, 11) + octal(3, 11) + octal(7, 11) + octal(2, 11)},
                   {483, octal(10, 11)}};
  EXPECT_EQ(list(tar_member(gnu, "abcde")).members, filled);
  gnu.overwrite = {{386, octal(2, 11) + octal(3, 11)}, {482, "\1"}, {483, octal(10, 11)}};
  EXPECT_EQ(
      list(tar_header(gnu, 5) + block_of(octal(7, 11) + octal(2, 11)) + block_of("abcde")).members,
      filled);
}

TEST(TarReader, refuses_sparse_maps_that_do_not_fit) {
  const auto with = [](const std::string& map, const std::string& data) {
    return list(sparse_records("1", "0") + tar_member("x", block_of(map) + data)).error;
  };
  EXPECT_EQ(with("1\n0\n5\n", "abcd"), "archive/tar: sparse file references non-existent data");
  EXPECT_EQ(with("1\n0\n5\n", "abcdef"), "archive/tar: sparse file contains unreferenced data");
  for (const std::string_view map : {"1\n6\n5\n", "2\n0\n3\n2\n3\n", "1\n-1\n5\n", "x\n", "-1\n"}) {
    EXPECT_EQ(with(std::string(map), "abcde"), kInvalid) << map;
  }
}

}  // namespace
}  // namespace chartmuseum::chart
