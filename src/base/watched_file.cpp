// SPDX-License-Identifier: Apache-2.0
#include "base/watched_file.hpp"

#include "base/file_descriptor.hpp"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace chartmuseum {

namespace {

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::unexpected<std::string> last_error() {
  return std::unexpected(std::error_code(errno, std::generic_category()).message());
}

FileStamp stamp_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

/// A file's times advance in steps of some milliseconds (on some file systems, of two seconds): a
/// change within the same step would not show.
bool is_fresh(const FileStamp& stamp) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::int64_t age = nanoseconds(now) - stamp.changed;
  constexpr std::int64_t kStep = 2'000'000'000;
  return age > -kStep && age < kStep;
}

struct Content {
  FileStamp stamp;
  std::string text;
};

std::expected<Content, std::string> read(const std::string& path, std::size_t largest) {
  // Not to wait for a writer, should it be a FIFO.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return last_error();
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return last_error();
  if (S_ISDIR(status.st_mode)) return std::unexpected("it is a folder");
  if (!S_ISREG(status.st_mode)) return std::unexpected("it is not a regular file");

  // The stamp is taken before the text: what is written in between is seen by the next look.
  Content content{stamp_of(status), std::string(largest + 1, '\0')};
  std::size_t filled = 0;
  while (filled < content.text.size()) {
    const ssize_t count =
        ::read(file.get(), content.text.data() + filled, content.text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error();
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > largest) {
    return std::unexpected("it is larger than " + std::to_string(largest >> 10) + " KiB");
  }
  content.text.resize(filled);
  return content;
}

}  // namespace

std::optional<std::expected<std::string, std::string>> WatchedFile::read_if_changed() {
  struct stat status{};
  if (stamp_ && ::stat(path_.c_str(), &status) == 0 && stamp_of(status) == *stamp_) {
    return std::nullopt;
  }
  auto content = read(path_, largest_);
  if (!content) {
    stamp_.reset();
    digest_.reset();
    if (content.error() == error_) return std::nullopt;
    error_ = content.error();
    return std::unexpected(error_);
  }
  error_.clear();
  stamp_ = content->stamp;
  if (is_fresh(*stamp_)) stamp_.reset();
  const Digest digest = Digest::of(content->text);
  if (digest == digest_) return std::nullopt;
  digest_ = digest;
  return std::move(content->text);
}

std::expected<std::string, std::string> read_small_file(const std::string& path,
                                                        std::size_t largest) {
  auto content = read(path, largest);
  if (!content) return std::unexpected(std::move(content.error()));
  return std::move(content->text);
}

}  // namespace chartmuseum
