// SPDX-License-Identifier: Apache-2.0
#include "auth/reloaded_file.hpp"

#include "conformance/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::expected<int, std::string> parse_number(std::string_view text) {
  int number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    return std::unexpected("line 1: that is no number");
  }
  return number;
}

class ReloadedFileTest : public testing::Test {
 protected:
  void write(std::string_view text) { std::ofstream(path_) << text; }

  std::expected<std::unique_ptr<ReloadedFile<int>>, std::string> open() {
    ReloadedFile<int>::Settings settings;
    settings.path = path_;
    settings.purpose = "number file";
    settings.log =
        telemetry::Log::to({}, [this](std::string_view line) { lines_.emplace_back(line); });
    settings.clock = [this] { return now_; };
    return ReloadedFile<int>::open(std::move(settings), &parse_number);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "number";
  std::vector<std::string> lines_;
  std::chrono::steady_clock::time_point now_{seconds(1000)};
};

TEST_F(ReloadedFileTest, names_file_and_reason_when_the_first_text_cannot_be_used) {
  EXPECT_EQ(open().error(), "number file " + path_.native() + ": No such file or directory");
  write("x");
  EXPECT_EQ(open().error(), "number file " + path_.native() + ": line 1: that is no number");
}

TEST_F(ReloadedFileTest, has_the_new_value_a_second_after_the_last_look) {
  write("1");
  const auto file = open().value();
  EXPECT_EQ(*file->current(), 1);
  write("2");
  now_ += milliseconds(999);
  EXPECT_EQ(*file->current(), 1);
  now_ += milliseconds(1);
  EXPECT_EQ(*file->current(), 2);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("INFO"), HasSubstr("Reloaded the number file"),
                                        HasSubstr(path_.native()))));
}

TEST_F(ReloadedFileTest, looks_at_once_when_told_to) {
  write("1");
  const auto file = open().value();
  write("2");
  file->look_now();
  EXPECT_EQ(*file->current(), 2);
}

TEST_F(ReloadedFileTest, keeps_the_old_value_of_a_broken_text_and_logs_it_once) {
  write("1");
  const auto file = open().value();
  write("broken");
  for (int look = 0; look < 3; ++look) {
    now_ += seconds(1);
    EXPECT_EQ(*file->current(), 1);
  }
  EXPECT_THAT(lines_, ElementsAre(AllOf(
                          HasSubstr("ERROR"), HasSubstr("Cannot reload the number file"),
                          HasSubstr(path_.native()), HasSubstr("line 1: that is no number"))));
  write("3");
  now_ += seconds(1);
  EXPECT_EQ(*file->current(), 3);
}

TEST_F(ReloadedFileTest, keeps_the_old_value_while_the_file_is_gone) {
  write("1");
  const auto file = open().value();
  std::filesystem::remove(path_);
  now_ += seconds(1);
  EXPECT_EQ(*file->current(), 1);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("No such file or directory")));
}

TEST_F(ReloadedFileTest, leaves_a_snapshot_as_it_is) {
  write("1");
  const auto file = open().value();
  const auto snapshot = file->current();
  write("2");
  file->look_now();
  EXPECT_EQ(*snapshot, 1);
}

TEST_F(ReloadedFileTest, can_be_read_by_many_threads_while_it_changes) {
  constexpr int kLast = 50;
  write("1");
  std::atomic<std::chrono::seconds::rep> time{0};
  ReloadedFile<int>::Settings settings;
  settings.path = path_;
  settings.purpose = "number file";
  settings.clock = [&] { return std::chrono::steady_clock::time_point(seconds(++time)); };
  const auto file = ReloadedFile<int>::open(std::move(settings), &parse_number).value();
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      int seen = 0;
      while (seen < kLast) {
        const int value = *file->current();
        EXPECT_GE(value, seen);
        seen = value;
      }
    });
  }
  const std::filesystem::path next = folder_.path() / "next";
  for (int number = 2; number <= kLast; ++number) {
    std::ofstream(next) << number;
    std::filesystem::rename(next, path_);
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace chartmuseum::auth
