// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "storage/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace chartmuseum::storage {

/// An instant as the kernel gives it.
[[nodiscard]] Timestamp to_timestamp(const timespec& time);

/// `stamp`, unless the instant is so recent that the clock of the file system (a tick of up to
/// 10 ms before Linux 6.13) might give the same one to a further change: then a text that equals
/// no other.
[[nodiscard]] std::string unless_ambiguous(std::string stamp, Timestamp changed);

/// The object that a regular file is. Its etag is made of inode, size, modification and change
/// time: a write in place moves both times, a preserved modification time (`cp -p`, `touch -d`)
/// leaves the change time, which nobody can set. A chmod moves it too; that costs a comparison of
/// bytes that turn out equal, which is the cheaper mistake.
[[nodiscard]] ObjectInfo describe(std::string_view name, const struct stat& file);

struct OpenFile {
  FileDescriptor descriptor;
  ObjectInfo info;
};

/// Opens the regular file at `path` for reading, through any links; nothing if there is none, or
/// something that is no regular file. Never waits, whatever the thing is.
[[nodiscard]] Result<std::optional<OpenFile>> open_file(const std::string& path,
                                                        std::string_view name);

/// The whole file, as far as it was when it was opened. If it has shrunk since, info.size says so.
[[nodiscard]] Result<std::string> read_file(OpenFile& file, const std::string& path);

/// What open_file would find.
[[nodiscard]] Result<std::optional<ObjectInfo>> stat_file(const std::string& path,
                                                          std::string_view name);

}  // namespace chartmuseum::storage
