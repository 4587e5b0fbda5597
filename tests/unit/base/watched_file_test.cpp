// SPDX-License-Identifier: Apache-2.0
#include "base/watched_file.hpp"

#include "conformance/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace chartmuseum {
namespace {

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path) << text;
}

class WatchedFileTest : public testing::Test {
 protected:
  std::string look() {
    const auto outcome = file_.read_if_changed();
    if (!outcome) return "unchanged";
    return *outcome ? **outcome : "error: " + outcome->error();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "file";
  WatchedFile file_{path_, 1024};
};

TEST_F(WatchedFileTest, tells_of_each_text_once) {
  write(path_, "one");
  EXPECT_EQ(look(), "one");
  EXPECT_EQ(look(), "unchanged");
  write(path_, "two");  // as long as before, and hardly later
  EXPECT_EQ(look(), "two");
  EXPECT_EQ(look(), "unchanged");
}

TEST_F(WatchedFileTest, does_not_tell_of_a_file_that_was_written_with_the_same_text) {
  write(path_, "one");
  EXPECT_EQ(look(), "one");
  write(path_, "one");
  EXPECT_EQ(look(), "unchanged");
}

TEST_F(WatchedFileTest, sees_a_change_that_keeps_size_and_time_of_modification) {
  write(path_, "one");
  std::filesystem::last_write_time(path_, {});
  const auto time = std::filesystem::last_write_time(path_);
  EXPECT_EQ(look(), "one");
  write(path_, "two");
  std::filesystem::last_write_time(path_, time);
  EXPECT_EQ(look(), "two");
}

TEST_F(WatchedFileTest, sees_a_file_that_is_renamed_over_it) {
  write(path_, "one");
  EXPECT_EQ(look(), "one");
  write(folder_.path() / "new", "two");
  std::filesystem::rename(folder_.path() / "new", path_);
  EXPECT_EQ(look(), "two");
}

TEST_F(WatchedFileTest, sees_a_link_that_is_turned_elsewhere_as_kubernetes_does) {
  for (const char* version : {"v1", "v2"}) {
    std::filesystem::create_directory(folder_.path() / version);
    write(folder_.path() / version / "file", version);
  }
  std::filesystem::create_symlink("v1", folder_.path() / "data");
  std::filesystem::create_symlink("data/file", path_);
  EXPECT_EQ(look(), "v1");
  std::filesystem::create_symlink("v2", folder_.path() / "data.new");
  std::filesystem::rename(folder_.path() / "data.new", folder_.path() / "data");
  EXPECT_EQ(look(), "v2");
}

TEST_F(WatchedFileTest, complains_once_of_a_file_that_is_gone_and_tells_when_it_is_back) {
  write(path_, "one");
  EXPECT_EQ(look(), "one");
  std::filesystem::remove(path_);
  EXPECT_EQ(look(), "error: No such file or directory");
  EXPECT_EQ(look(), "unchanged");
  write(path_, "one");
  EXPECT_EQ(look(), "one");
}

TEST(SmallFile, may_be_empty_and_as_large_as_the_limit) {
  const TemporaryFolder folder;
  write(folder.path() / "file", "");
  EXPECT_EQ(read_small_file(folder.path() / "file", 1024), "");
  write(folder.path() / "file", std::string(1024, 'x'));
  EXPECT_EQ(read_small_file(folder.path() / "file", 1024), std::string(1024, 'x'));
}

TEST(SmallFile, is_refused_with_the_reason_alone) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_small_file(folder.path() / "none", 1024),
            std::unexpected("No such file or directory"));
  EXPECT_EQ(read_small_file(folder.path(), 1024), std::unexpected("it is a folder"));
  write(folder.path() / "file", std::string(1025, 'x'));
  EXPECT_EQ(read_small_file(folder.path() / "file", 1024),
            std::unexpected("it is larger than 1 KiB"));
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_small_file(folder.path() / "fifo", 1024),
            std::unexpected("it is not a regular file"));
}

}  // namespace
}  // namespace chartmuseum
