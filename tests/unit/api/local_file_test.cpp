// SPDX-License-Identifier: Apache-2.0
#include "api/local_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace chartmuseum::api {
namespace {

namespace fs = std::filesystem;

class LocalFileTest : public testing::Test {
 protected:
  LocalFileTest() {
    fs::create_directories(folder_ / "css");
    write(folder_ / "main.css", "body {}");
    write(folder_ / "css" / "more.css", "p {}");
    write(base_ / "secret.txt", "secret");
  }
  ~LocalFileTest() override { fs::remove_all(base_); }

  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

  static std::string text_of(const LocalFile& file) {
    std::array<char, 64> bytes{};
    const ssize_t length = ::pread(file.descriptor->get(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), static_cast<std::size_t>(length)};
  }

  static fs::path temporary_folder() {
    std::string name = (fs::temp_directory_path() / "local-file-XXXXXX").string();
    return ::mkdtemp(name.data());
  }

  const fs::path base_ = temporary_folder();
  const fs::path folder_ = base_ / "static";
};

TEST_F(LocalFileTest, opens_a_file_below_the_folder) {
  const auto file = open_below(folder_, "css/more.css");
  ASSERT_TRUE(file);
  EXPECT_EQ(text_of(*file), "p {}");
  EXPECT_EQ(file->size, 4U);
}

TEST_F(LocalFileTest, changes_its_tag_with_the_file) {
  const auto before = open_below(folder_, "main.css");
  write(folder_ / "main.css", "body { margin: 0 }");
  const auto after = open_below(folder_, "main.css");
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->etag, after->etag);
}

TEST_F(LocalFileTest, opens_nothing_but_regular_files) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0644), 0);
  EXPECT_FALSE(open_below(folder_, "css"));
  EXPECT_FALSE(open_below(folder_, "fifo"));
  EXPECT_FALSE(open_below(folder_, "absent"));
  EXPECT_FALSE(open_below(folder_, ""));
  EXPECT_FALSE(open_below(base_ / "absent", "main.css"));
}

TEST_F(LocalFileTest, follows_links_within_the_folder) {
  fs::create_symlink("css/more.css", folder_ / "link.css");
  const auto file = open_below(folder_, "link.css");
  ASSERT_TRUE(file);
  EXPECT_EQ(text_of(*file), "p {}");
}

TEST_F(LocalFileTest, follows_a_link_that_is_the_folder_itself) {
  fs::create_directory_symlink(folder_, base_ / "current");
  EXPECT_TRUE(open_below(base_ / "current", "main.css"));
}

TEST_F(LocalFileTest, never_leaves_the_folder) {
  fs::create_symlink("../secret.txt", folder_ / "relative.txt");
  fs::create_symlink(base_ / "secret.txt", folder_ / "absolute.txt");
  fs::create_directory_symlink(base_, folder_ / "up");
  for (const std::string name :
       {"relative.txt", "absolute.txt", "up/secret.txt", "../secret.txt", "css/../../secret.txt"}) {
    EXPECT_FALSE(open_below(folder_, name)) << name;
  }
  EXPECT_FALSE(open_below(folder_, (base_ / "secret.txt").string()));
}

TEST_F(LocalFileTest, is_not_fooled_by_a_folder_with_a_longer_name) {
  fs::create_directories(base_ / "static-secret");
  write(base_ / "static-secret" / "a.txt", "secret");
  EXPECT_FALSE(open_below(folder_, "../static-secret/a.txt"));
}

TEST(ContentTypeOf, goes_by_the_extension) {
  EXPECT_EQ(content_type_of("css/main.css"), "text/css; charset=utf-8");
  EXPECT_EQ(content_type_of("a.b.svg"), "image/svg+xml");
  EXPECT_EQ(content_type_of("noextension"), "application/octet-stream");
  EXPECT_EQ(content_type_of("strange.xyz"), "application/octet-stream");
}

}  // namespace
}  // namespace chartmuseum::api
