// SPDX-License-Identifier: Apache-2.0
#include "storage/local_write.hpp"

#include "storage/local_failure.hpp"
#include "storage/local_object.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::string_view kPrefix = ".chartmuseum-";
constexpr std::string_view kSuffix = ".part";
constexpr std::chrono::hours kOrphanAge(1);
constexpr mode_t kFileMode = 0644;
constexpr int kNameAttempts = 16;

std::string random_name() {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  std::string name(kPrefix);
  name += digits;
  name += kSuffix;
  return name;
}

/// File systems that know no flags of rename say so in one of these ways.
bool unsupported(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM ||
         error == EMLINK;
}

Result<void> write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(errno, "write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

bool is_temporary_name(std::string_view name) {
  return name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

void remove_orphan(int folder, const char* name) {
  struct stat file{};
  if (::fstatat(folder, name, &file, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(file.st_mode)) return;
  if (to_timestamp(file.st_mtim) > now() - kOrphanAge) return;
  ::unlinkat(folder, name, 0);
}

TemporaryFile::TemporaryFile(int folder, std::string path, std::string temporary_name,
                             FileDescriptor file)
    : folder_(folder),
      path_(std::move(path)),
      temporary_name_(std::move(temporary_name)),
      file_(std::move(file)) {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : folder_(other.folder_),
      path_(std::move(other.path_)),
      temporary_name_(std::exchange(other.temporary_name_, {})),
      file_(std::move(other.file_)) {}

TemporaryFile::~TemporaryFile() {
  if (!temporary_name_.empty()) discard_temporary_name();
}

Result<TemporaryFile> TemporaryFile::create(int folder, std::string path) {
  for (int attempt = 0;; ++attempt) {
    std::string name = random_name();
    FileDescriptor file(::openat(folder, name.c_str(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (file) return TemporaryFile(folder, std::move(path), std::move(name), std::move(file));
    if (errno != EEXIST || attempt == kNameAttempts) return failed(errno, "write", path);
  }
}

Result<void> TemporaryFile::write(const Content& content) {
  for (const std::string_view piece : content.pieces()) {
    if (auto written = append(piece); !written) return written;
  }
  return sync();
}

Result<void> TemporaryFile::reserve(std::uint64_t size) {
  int error = 0;
  do {
    error =
        ::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) == 0 ? 0 : errno;
  } while (error == EINTR);
  if (error == 0 || error == EOPNOTSUPP || error == ENOSYS) return {};
  return failed(error, "reserve room for", path_);
}

Result<void> TemporaryFile::append(std::string_view bytes) {
  return write_all(file_.get(), bytes, path_);
}

Result<void> TemporaryFile::sync() {
  // The object's time to the nanosecond: the kernel's own may be a tick that other writes of the
  // same name share, which would make them look alike (local_object.hpp).
  const auto instant = now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = (instant - seconds).count();
  const timespec times[2] = {time, time};
  ::futimens(file_.get(), times);  // without it the kernel's time stands
  if (::fsync(file_.get()) != 0) return failed(errno, "sync", path_);
  return {};
}

Result<void> TemporaryFile::publish(const std::string& name, PutCondition condition) {
  if (condition == PutCondition::create_only) return publish_new(name);
  if (::renameat(folder_, temporary_name_.c_str(), folder_, name.c_str()) != 0) {
    return failed(errno, "write", path_);
  }
  temporary_name_.clear();
  return {};
}

Result<void> TemporaryFile::publish_new(const std::string& name) {
  if (::renameat2(folder_, temporary_name_.c_str(), folder_, name.c_str(), RENAME_NOREPLACE) == 0) {
    temporary_name_.clear();
    return {};
  }
  if (errno == EEXIST) {
    if (replace_broken_link(name)) return {};
    return std::unexpected(conflict());
  }
  if (unsupported(errno)) return publish_new_by_link(name);
  return failed(errno, "write", path_);
}

Result<void> TemporaryFile::publish_new_by_link(const std::string& name) {
  struct stat present{};
  bool linked = ::linkat(folder_, temporary_name_.c_str(), folder_, name.c_str(), 0) == 0;
  if (!linked && errno == EEXIST) {
    // link(2), NFS: a repeated request may report its own success as a conflict.
    linked = ::fstat(file_.get(), &present) == 0 && present.st_nlink == 2;
    if (!linked) return std::unexpected(conflict());
  }
  if (linked) {
    discard_temporary_name();
    return {};
  }
  if (!unsupported(errno)) return failed(errno, "write", path_);

  // Look, then rename, with the folder locked against others who have come to this point: each
  // has opened it for itself. The lock ends with the descriptor.
  ::flock(folder_, LOCK_EX);
  if (::fstatat(folder_, name.c_str(), &present, AT_SYMLINK_NOFOLLOW) == 0) {
    return std::unexpected(conflict());
  }
  if (errno != ENOENT) return failed(errno, "write", path_);
  return publish(name, PutCondition::overwrite);
}

bool TemporaryFile::replace_broken_link(const std::string& name) {
  struct stat present{};
  if (::fstatat(folder_, name.c_str(), &present, 0) == 0 || !means_absent(errno)) return false;
  const auto exchange = [&] {
    return ::renameat2(folder_, temporary_name_.c_str(), folder_, name.c_str(), RENAME_EXCHANGE) ==
           0;
  };
  if (!exchange()) return false;
  // What had the name now has the temporary one. If somebody put an object there in this very
  // moment, theirs was first.
  const bool was_link =
      ::fstatat(folder_, temporary_name_.c_str(), &present, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(present.st_mode);
  if (!was_link && exchange()) return false;
  discard_temporary_name();
  return true;
}

void TemporaryFile::discard_temporary_name() {
  ::unlinkat(folder_, temporary_name_.c_str(), 0);
  temporary_name_.clear();
}

Failure TemporaryFile::conflict() const {
  return {FailureKind::conflict, path_ + " exists"};
}

void TemporaryFile::withdraw(const std::string& name) {
  struct stat own{};
  struct stat present{};
  if (::fstat(file_.get(), &own) != 0) return;
  if (::fstatat(folder_, name.c_str(), &present, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (own.st_ino == present.st_ino && own.st_dev == present.st_dev) {
    ::unlinkat(folder_, name.c_str(), 0);
  }
}

Result<ObjectInfo> TemporaryFile::info(std::string_view name) const {
  struct stat file{};
  if (::fstat(file_.get(), &file) != 0) return failed(errno, "stat", path_);
  return describe(name, file);
}

}  // namespace chartmuseum::storage
