// SPDX-License-Identifier: Apache-2.0
#include "storage/local_object.hpp"

#include "storage/local_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <unistd.h>

namespace chartmuseum::storage {

namespace {

/// Twice the longest tick (CONFIG_HZ=100) of a kernel without fine-grained times.
constexpr std::chrono::milliseconds kClockTick(20);

constexpr std::int64_t kFarthest = 9'200'000'000;  // seconds that nanoseconds in 64 bits can hold

void append_hex(std::string& text, std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 16);
  text.append(digits, end.ptr);
}

}  // namespace

Timestamp to_timestamp(const timespec& time) {
  // Files may claim any time; a Timestamp ends in the year 2262.
  const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -kFarthest, kFarthest);
  return Timestamp(std::chrono::seconds(seconds) + std::chrono::nanoseconds(time.tv_nsec));
}

std::string unless_ambiguous(std::string stamp, Timestamp changed) {
  const Timestamp today = now();
  if (changed > today + kClockTick || changed < today - kClockTick) return stamp;
  stamp += '-';
  append_hex(stamp, static_cast<std::uint64_t>(today.time_since_epoch().count()));
  return stamp;
}

ObjectInfo describe(std::string_view name, const struct stat& file) {
  ObjectInfo info;
  info.name = name;
  info.size = static_cast<std::uint64_t>(file.st_size);
  info.modified = to_timestamp(file.st_mtim);
  const Timestamp changed = to_timestamp(file.st_ctim);

  std::string& etag = info.etag;
  append_hex(etag, file.st_ino);
  etag += '-';
  append_hex(etag, info.size);
  etag += '-';
  append_hex(etag, static_cast<std::uint64_t>(info.modified.time_since_epoch().count()));
  etag += '-';
  append_hex(etag, static_cast<std::uint64_t>(changed.time_since_epoch().count()));
  // Only a write leaves both times equal. Files that this store wrote have a modification time
  // of their own precision (TemporaryFile), so that they do not count as just written.
  if (info.modified == changed) etag = unless_ambiguous(std::move(etag), changed);
  return info;
}

Result<std::optional<OpenFile>> open_file(const std::string& path, std::string_view name) {
  // O_NONBLOCK: a FIFO without a writer would hold up the thread for good.
  FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!descriptor) {
    // ENXIO: a socket, or a device without a driver.
    if (means_absent(errno) || errno == ENXIO || errno == ENODEV) return std::nullopt;
    return failed(errno, "open", path);
  }
  struct stat file{};
  if (::fstat(descriptor.get(), &file) != 0) return failed(errno, "stat", path);
  if (!S_ISREG(file.st_mode)) return std::nullopt;
  return OpenFile{std::move(descriptor), describe(name, file)};
}

Result<std::string> read_file(OpenFile& file, const std::string& path) {
  std::string bytes;
  int error = 0;
  bytes.resize_and_overwrite(file.info.size, [&](char* buffer, std::size_t size) {
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t got = ::read(file.descriptor.get(), buffer + filled, size - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) error = errno;
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  });
  if (error != 0) return failed(error, "read", path);
  file.info.size = bytes.size();
  return bytes;
}

Result<std::optional<ObjectInfo>> stat_file(const std::string& path, std::string_view name) {
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) {
    if (means_absent(errno)) return std::nullopt;
    return failed(errno, "stat", path);
  }
  if (!S_ISREG(file.st_mode)) return std::nullopt;
  return describe(name, file);
}

}  // namespace chartmuseum::storage
