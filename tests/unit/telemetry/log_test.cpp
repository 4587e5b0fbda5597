// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include "base/file_descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chartmuseum::telemetry {
namespace {

using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      ADD_FAILURE() << "a line without line feed: " << text;
      break;
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

LogSettings settings_for(const FileDescriptor& output) {
  LogSettings settings;
  settings.descriptor = output.get();
  return settings;
}

/// A file that stands in for stderr.
class Output {
 public:
  Output() : file_(::memfd_create("log", MFD_CLOEXEC)) {}

  [[nodiscard]] LogSettings settings() const { return settings_for(file_); }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::string text(1 << 20, '\0');
    const ssize_t n = ::pread(file_.get(), text.data(), text.size(), 0);
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return split(text);
  }

 private:
  FileDescriptor file_;
};

TEST(Log, hands_finished_lines_to_a_sink) {
  std::vector<std::string> lines;
  const Log log = Log::to({}, [&](std::string_view line) { lines.emplace_back(line); });
  log.info("Starting", {{"port", std::int64_t{8080}}});
  log.warn("Odd");
  log.error("Broken");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], EndsWith("\tINFO\tStarting\t{\"port\": 8080}"));
  EXPECT_THAT(lines[1], EndsWith("\tWARN\tOdd"));
  EXPECT_THAT(lines[2], EndsWith("\tERROR\tBroken"));
}

TEST(Log, leaves_debug_lines_out_unless_asked_for_them) {
  const auto lines_with = [](bool debug) {
    LogSettings settings;
    settings.debug = debug;
    std::size_t lines = 0;
    const Log log = Log::to(settings, [&](std::string_view) { ++lines; });
    log.debug("Fetched");
    EXPECT_EQ(log.enabled(Level::debug), debug);
    EXPECT_TRUE(log.enabled(Level::info));
    return lines;
  };
  EXPECT_EQ(lines_with(false), 0U);
  EXPECT_EQ(lines_with(true), 1U);
}

TEST(Log, discards_everything_when_told_to) {
  const Log log = Log::discarding();
  EXPECT_FALSE(log.enabled(Level::error));
  log.error("Nobody sees this");
  log.flush();
}

TEST(Log, has_written_everything_when_flush_returns) {
  const Output output;
  const Log log(output.settings());
  for (std::size_t round = 1; round <= 20; ++round) {
    log.info("round");
    log.flush();
    EXPECT_THAT(output.lines(), SizeIs(round));
  }
}

TEST(Log, writes_what_is_queued_before_it_goes) {
  const Output output;
  {
    const Log log(output.settings());
    for (int i = 0; i < 500; ++i) log.info(std::to_string(i));
  }
  const std::vector<std::string> lines = output.lines();
  ASSERT_THAT(lines, SizeIs(500));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_THAT(lines[i], EndsWith("\t" + std::to_string(i)));
  }
}

TEST(Log, keeps_the_lines_of_many_threads_whole) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kLines = 1000;
  const Output output;
  {
    LogSettings settings = output.settings();
    settings.json = true;
    const Log log(settings);
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([log] {
        for (std::size_t i = 0; i < kLines; ++i) {
          log.info("m", {{"text", "0123456789"}});
          if (i % 100 == 0) log.flush();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const std::vector<std::string> lines = output.lines();
  EXPECT_THAT(lines, SizeIs(kThreads * kLines));
  EXPECT_THAT(lines, Each(EndsWith(R"("M":"m","text":"0123456789"})")));
}

TEST(Log, ends_although_nobody_reads_it) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  const std::string text(1000, 'x');
  {
    const Log log(settings_for(writer));
    for (std::size_t i = 0; i < 1000; ++i) log.info(text);  // a pipe holds 64 KiB
    log.flush();
  }
  std::string bytes(1 << 20, '\0');
  const ssize_t count = ::read(reader.get(), bytes.data(), bytes.size());
  ASSERT_GT(count, 0);
  bytes.resize(static_cast<std::size_t>(count));
  EXPECT_THAT(bytes, EndsWith("\n")) << "no line is cut";
}

TEST(Log, drops_the_oldest_lines_of_a_blocked_terminal_and_says_how_many) {
  constexpr std::size_t kLines = 3000;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  LogSettings settings = settings_for(writer);
  settings.queue = 16;
  std::optional<Log> log{settings};

  const std::string text(1000, 'x');
  for (std::size_t i = 0; i < kLines; ++i) {  // nobody reads, and yet none of these waits
    log->info(std::to_string(i), {{"text", std::string_view(text)}});
  }
  std::string all;
  std::thread terminal([&] {
    std::string bytes(65536, '\0');
    for (ssize_t n = 0; (n = ::read(reader.get(), bytes.data(), bytes.size())) > 0;) {
      all.append(bytes, 0, static_cast<std::size_t>(n));
    }
  });
  log.reset();
  writer.reset();
  terminal.join();

  std::size_t written = 0;
  std::size_t dropped = 0;
  std::string last;
  for (const std::string& line : split(all)) {
    static constexpr std::string_view kCount = "{\"lines\": ";
    if (line.find("Log lines dropped") != std::string::npos) {
      dropped += std::stoul(line.substr(line.find(kCount) + kCount.size()));
    } else {
      ++written;
      last = line;
    }
  }
  EXPECT_GT(dropped, 0U);
  EXPECT_EQ(written + dropped, kLines) << "every line is either there or counted";
  EXPECT_THAT(last, HasSubstr("\t" + std::to_string(kLines - 1) + "\t")) << "the newest stay";
}

}  // namespace
}  // namespace chartmuseum::telemetry
