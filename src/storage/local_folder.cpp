// SPDX-License-Identifier: Apache-2.0
#include "storage/local_folder.hpp"

#include "storage/local_failure.hpp"
#include "storage/object_key.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr mode_t kFolderMode = 0774;
constexpr int kOpenFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
// Forgetting costs a few fsyncs.
constexpr std::size_t kMostSettled = 100'000;

Failure through_a_link(const std::string& path) {
  return {FailureKind::denied, "cannot write through the symbolic link " + path};
}

bool is_link(int parent, const char* name) {
  struct stat entry{};
  return ::fstatat(parent, name, &entry, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(entry.st_mode);
}

}  // namespace

std::string LocalFolders::path(std::string_view key) const {
  return key.empty() ? root_ : join_key(root_, key);
}

Result<std::optional<FileDescriptor>> LocalFolders::open(const std::string& folder) const {
  FileDescriptor current(::open(root_.c_str(), kOpenFlags));
  if (!current) {
    if (means_absent(errno)) return std::nullopt;
    return failed(errno, "open", root_);
  }
  for (std::size_t begin = 0; begin < folder.size();) {
    const std::size_t end = std::min(folder.find('/', begin), folder.size());
    const std::string name = folder.substr(begin, end - begin);
    FileDescriptor next(::openat(current.get(), name.c_str(), kOpenFlags | O_NOFOLLOW));
    if (!next) {
      const int error = errno;
      if (is_link(current.get(), name.c_str())) {
        return std::unexpected(through_a_link(path(folder.substr(0, end))));
      }
      if (error == ENOENT) return std::nullopt;
      return failed(error, "open", path(folder.substr(0, end)));
    }
    current = std::move(next);
    begin = end + 1;
  }
  return current;
}

Result<FileDescriptor> LocalFolders::open_or_make(const std::string& folder) {
  // Again if somebody removes what was just made.
  for (int attempt = 0; attempt < 4; ++attempt) {
    auto opened = open(folder);
    if (!opened) return std::unexpected(std::move(opened.error()));
    if (*opened) {
      if (auto settled = settle(folder, (*opened)->get()); !settled) {
        return std::unexpected(std::move(settled.error()));
      }
      return std::move(**opened);
    }
    if (auto made = make_root(); !made) return std::unexpected(std::move(made.error()));
    for (std::size_t end = 0; end < folder.size();) {
      end = std::min(folder.find('/', end + 1), folder.size());
      auto parent = open(std::string(split_key(std::string_view(folder).substr(0, end)).folder));
      if (!parent) return std::unexpected(std::move(parent.error()));
      if (!*parent) break;
      const std::string name(split_key(std::string_view(folder).substr(0, end)).name);
      if (::mkdirat((*parent)->get(), name.c_str(), kFolderMode) != 0 && errno != EEXIST) {
        return failed(errno, "make the folder", path(folder.substr(0, end)));
      }
    }
  }
  return failed(ENOENT, "make the folder", path(folder));
}

Result<void> LocalFolders::make_root() const {
  const std::filesystem::path whole(root_);
  std::filesystem::path part;
  for (const std::filesystem::path& segment : whole) {
    part /= segment;
    if (::mkdir(part.c_str(), kFolderMode) == 0 || errno == EEXIST) continue;
    struct stat present{};
    if (::stat(part.c_str(), &present) == 0) continue;  // "/" may be read-only
    return failed(errno, "make the folder", part.native());
  }
  return {};
}

/// Any process may have made any of these folders just now, without having synced it yet. So the
/// first write into a folder syncs all its parents, whether they were made by this one or not.
Result<void> LocalFolders::settle(const std::string& folder, int descriptor) {
  const std::optional<Identity> identity = identity_of(descriptor);
  if (identity) {
    const std::lock_guard lock(mutex_);
    const auto known = settled_.find(folder);
    if (known != settled_.end() && known->second == *identity) return {};
  }

  if (folder.empty()) {
    sync_above_root(descriptor);
  } else {
    const std::string above(split_key(folder).folder);
    auto parent = open(above);
    if (!parent) return std::unexpected(std::move(parent.error()));
    if (!*parent) return failed(ENOENT, "sync the folder", path(above));
    if (const int error = sync_.sync((*parent)->get()); error != 0) {
      return failed(error, "sync the folder", path(above));
    }
    if (auto settled = settle(above, (*parent)->get()); !settled) return settled;
  }

  if (identity) {
    const std::lock_guard lock(mutex_);
    if (settled_.size() >= kMostSettled) settled_.clear();
    settled_[folder] = *identity;
  }
  return {};
}

/// As far as this server may look there, and no further than the root's file system: a mount
/// point was there before.
void LocalFolders::sync_above_root(int root) {
  struct stat here{};
  if (::fstat(root, &here) != 0) return;
  for (std::filesystem::path above(root_); above.has_relative_path();) {
    above = above.parent_path();
    const FileDescriptor opened(::open(above.c_str(), kOpenFlags));
    struct stat found{};
    if (!opened || ::fstat(opened.get(), &found) != 0 || found.st_dev != here.st_dev) return;
    if (sync_.sync(opened.get()) != 0) return;
  }
}

std::optional<LocalFolders::Identity> LocalFolders::identity_of(int descriptor) {
  struct statx found{};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) {
    return std::nullopt;
  }
  const dev_t device = makedev(found.stx_dev_major, found.stx_dev_minor);
  const std::int64_t birth = found.stx_btime.tv_sec * 1'000'000'000 + found.stx_btime.tv_nsec;
  return Identity(device, found.stx_ino, birth);
}

}  // namespace chartmuseum::storage
