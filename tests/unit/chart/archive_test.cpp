// SPDX-License-Identifier: Apache-2.0
#include "chart/archive.hpp"

#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartmuseum::chart {
namespace {

using testing::gzip;
using testing::pax_header;
using testing::pax_record;
using testing::tar_end;
using testing::tar_header;
using testing::tar_member;
using testing::TarFields;

struct Listing {
  std::vector<std::string> paths;
  std::string error;
};

Listing list(const std::string& tar, bool read = true, ArchiveLimits limits = {}) {
  const std::string bytes = gzip(tar, 1);
  ArchiveReader reader(bytes, limits, limits.stream_size);
  Listing listing;
  for (;;) {
    const auto path = reader.next();
    if (!path) {
      listing.error = path.error().message;
      return listing;
    }
    if (!*path) return listing;
    listing.paths.emplace_back(**path);
    if (!read) continue;
    if (const auto data = reader.read(); !data) {
      listing.error = data.error().message;
      return listing;
    }
  }
}

std::string path_of(const std::string& name) {
  const Listing listing = list(pax_header(pax_record("path", name)) + tar_member("x", ""));
  return listing.paths.empty() ? listing.error : listing.paths.front();
}

TEST(ArchiveReader, drops_the_top_directory_and_cleans_the_rest) {
  EXPECT_EQ(path_of("demo/Chart.yaml"), "Chart.yaml");
  EXPECT_EQ(path_of("./Chart.yaml"), "Chart.yaml");
  EXPECT_EQ(path_of("/Chart.yaml"), "Chart.yaml");
  EXPECT_EQ(path_of("./demo/Chart.yaml"), "demo/Chart.yaml");
  EXPECT_EQ(path_of("/demo/Chart.yaml"), "demo/Chart.yaml");
  EXPECT_EQ(path_of("demo/./templates//a/../b.yaml"), "templates/b.yaml");
  EXPECT_EQ(path_of("demo/templates/"), "templates");
  EXPECT_EQ(path_of("../evil"), "evil");
  EXPECT_EQ(path_of("demo/.helmignore"), ".helmignore");
}

TEST(ArchiveReader, splits_at_backslashes_where_a_name_holds_any) {
  EXPECT_EQ(path_of("demo\\templates\\a.yaml"), "templates/a.yaml");
  EXPECT_EQ(path_of("demo/x\\a.yaml"), "a.yaml");
  EXPECT_EQ(path_of("demo\\..\\a.yaml"), "chart illegally references parent directory");
}

TEST(ArchiveReader, refuses_a_member_that_leaves_the_base_directory) {
  EXPECT_EQ(path_of("demo//Chart.yaml"), "chart illegally contains absolute paths");
  for (const std::string_view name : {"demo", "demo/", "demo/.", "demo/x/.."}) {
    EXPECT_EQ(path_of(std::string(name)),
              "chart illegally contains content outside the base directory: \"" +
                  std::string(name) + "\"");
  }
  for (const std::string_view name : {"demo/..", "demo/../x", "demo/..x", "demo/a/../../x"}) {
    EXPECT_EQ(path_of(std::string(name)), "chart illegally references parent directory");
  }
  EXPECT_EQ(path_of("demo/c:/x"), "chart contains illegally named files");
  EXPECT_EQ(path_of("Chart.yaml/x"), "chart yaml not in base directory");
  EXPECT_EQ(path_of("Chart.yaml"),
            "chart illegally contains content outside the base directory: \"Chart.yaml\"");
}

TEST(ArchiveReader, passes_over_directories_and_global_headers_with_any_name) {
  TarFields directory;
  directory.name = "../..";
  directory.type = '5';
  const Listing listing = list(tar_header(directory) + pax_header(pax_record("path", "/"), 'g') +
                               tar_member("demo/x", "") + tar_end());
  EXPECT_EQ(listing.paths, std::vector<std::string>{"x"});
  EXPECT_EQ(listing.error, "");
}

TEST(ArchiveReader, refuses_an_archive_without_files) {
  TarFields directory;
  directory.type = '5';
  EXPECT_EQ(list(tar_end()).error, "no files in chart archive");
  EXPECT_EQ(list(tar_header(directory) + tar_end()).error, "no files in chart archive");
  EXPECT_EQ(list(std::string(50'000'000, '\0')).error, "no files in chart archive");
}

TEST(ArchiveReader, drops_one_byte_order_mark) {
  const std::string bytes =
      gzip(tar_member("demo/x", "\xef\xbb\xbf\xef\xbb\xbfx") + tar_member("demo/y", "\xef\xbb"));
  const ArchiveLimits limits;
  ArchiveReader reader(bytes, limits, limits.stream_size);
  EXPECT_EQ(reader.next().value(), "x");
  EXPECT_EQ(reader.read().value(), "\xef\xbb\xbfx");
  EXPECT_EQ(reader.next().value(), "y");
  EXPECT_EQ(reader.read().value(), "\xef\xbb");
}

TEST(ArchiveReader, limits_each_file_and_all_together) {
  const ArchiveLimits limits{.file_size = 100, .total_size = 250};
  const auto member = [](std::size_t size) { return tar_member("demo/x", std::string(size, 'x')); };
  constexpr std::string_view kTotal = "decompressed chart is larger than the maximum file size 250";
  for (const bool read : {true, false}) {
    const auto error = [&](const std::string& tar) { return list(tar, read, limits).error; };
    EXPECT_EQ(error(member(100) + member(100) + member(49) + member(0)), "");
    EXPECT_EQ(error(member(100) + member(100) + member(50)), kTotal) << "equal is too much";
    EXPECT_EQ(error(member(100) + member(100) + member(51)), kTotal);
    EXPECT_EQ(error(member(101)),
              "decompressed chart file \"demo/x\" is larger than the maximum file size 100");
    EXPECT_EQ(error(member(251)), kTotal) << "checked first";
  }
}

TEST(ArchiveReader, refuses_a_link_that_claims_to_hold_data) {
  TarFields link;
  link.name = "demo/link";
  link.type = '2';
  for (const bool read : {true, false}) {
    EXPECT_EQ(list(tar_header(link, 1), read).error,
              "decompressed chart is larger than the maximum file size 104857600");
    EXPECT_EQ(list(tar_header(link, 0), read).error, "");
  }
}

TEST(ArchiveReader, checks_that_unread_files_are_whole) {
  const std::string tar = tar_member("demo/x", std::string(1000, 'x'));
  EXPECT_EQ(list(tar.substr(0, 1511), false).error, "unexpected EOF");
  EXPECT_EQ(list(tar.substr(0, 1512), false).error, "");
}

TEST(ArchiveReader, inflates_no_more_than_it_may) {
  const ArchiveLimits limits{.stream_size = 1'000'000};
  std::string members;
  for (int i = 0; i < 5000; ++i) members += tar_header({.name = "demo/x"});
  EXPECT_EQ(list(members, true, limits).error, "decompressed archive is too large");
}

}  // namespace
}  // namespace chartmuseum::chart
