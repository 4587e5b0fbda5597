// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace chartmuseum {

/// The text of a regular file of at most `largest` bytes. The error is the reason alone, without
/// the path: "No such file or directory", "it is a folder", "it is larger than 64 KiB".
[[nodiscard]] std::expected<std::string, std::string> read_small_file(const std::string& path,
                                                                      std::size_t largest);

/// What any way of changing a file changes too. The times are nanoseconds since 1970.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;

  bool operator==(const FileStamp&) const = default;
};

/// A small file that others may change while we run: by writing it anew, by renaming another one
/// over it, or, as Kubernetes does with what it mounts, by turning a link elsewhere.
/// Not thread-safe.
class WatchedFile {
 public:
  WatchedFile(std::string path, std::size_t largest) : path_(std::move(path)), largest_(largest) {}

  [[nodiscard]] const std::string& path() const { return path_; }

  /// What the file holds now, or why it cannot be read; nothing if that is what the last call
  /// said. Costs one system call as long as nothing changed. A text that is read while somebody
  /// is still writing may be half of it; the call after that has the whole.
  [[nodiscard]] std::optional<std::expected<std::string, std::string>> read_if_changed();

 private:
  std::string path_;
  std::size_t largest_;
  std::optional<FileStamp> stamp_;  // of what was read last; nothing if it has to be read again
  std::optional<Digest> digest_;    // of its text
  std::string error_;               // or what the last call complained of
};

}  // namespace chartmuseum
