// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "storage/failure.hpp"
#include "storage/folder_sync.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <tuple>
#include <unordered_map>

namespace chartmuseum::storage {

/// The folders below a root, opened for writing: step by step, so that no write goes through a
/// link (the root itself may be one), and made durable up to the root before anything in them is
/// acknowledged. Thread-safe; blocks.
class LocalFolders {
 public:
  /// `root` is absolute.
  explicit LocalFolders(std::string root) : root_(std::move(root)) {}

  [[nodiscard]] const std::string& root() const { return root_; }
  /// Where a key's file, or a folder, is.
  [[nodiscard]] std::string path(std::string_view key) const;

  /// An existing folder; nothing if it is absent.
  [[nodiscard]] Result<std::optional<FileDescriptor>> open(const std::string& folder) const;

  /// The folder, made with its parents (0774, less the umask) where it is missing. What was made,
  /// by whomever, is durable.
  [[nodiscard]] Result<FileDescriptor> open_or_make(const std::string& folder);

  [[nodiscard]] FolderSync& sync() { return sync_; }

 private:
  using Identity = std::tuple<dev_t, ino_t, std::int64_t>;  // with the time of its birth

  [[nodiscard]] Result<void> make_root() const;
  [[nodiscard]] Result<void> settle(const std::string& folder, int descriptor);
  void sync_above_root(int root);
  [[nodiscard]] static std::optional<Identity> identity_of(int descriptor);

  std::string root_;
  FolderSync sync_;
  std::mutex mutex_;
  // Folders known to be durable in their parents. Found again by name, so that a folder which
  // somebody has removed and made anew is settled anew.
  std::unordered_map<std::string, Identity> settled_;
};

}  // namespace chartmuseum::storage
