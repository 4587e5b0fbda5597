// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "storage/object_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// Names that begin with ".chartmuseum-" and end in ".part" belong to writes in progress: no
/// store of this kind, in any process, reads, lists or writes an object of such a name.
[[nodiscard]] bool is_temporary_name(std::string_view name);

/// Removes the temporary file `name` if its writer must be dead: it was last written an hour ago.
/// Should a writer be alive all the same, its rename fails and so does its put; nothing is lost.
void remove_orphan(int folder, const char* name);

/// A file that is being written under a temporary name, and takes an object's name when it is
/// whole and durable. Removed if it never gets there.
class TemporaryFile {
 public:
  /// In the folder open as `folder`, which must stay open and be this writer's own descriptor;
  /// `path` is what failures call the object.
  static Result<TemporaryFile> create(int folder, std::string path);

  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  /// Writes all of `content` and waits until the disk has them.
  Result<void> write(const Content& content);

  /// The same in steps: takes room on the disk for `size` bytes, where the file system can; writes
  /// some; waits for the disk.
  Result<void> reserve(std::uint64_t size);
  Result<void> append(std::string_view bytes);
  Result<void> sync();

  /// For reading what has been written; this one's own.
  [[nodiscard]] int descriptor() const { return file_.get(); }

  /// Gives the file its name. The folder is yet to be synced. With create_only atomic between
  /// processes wherever the file system knows RENAME_NOREPLACE or hard links; on others (some
  /// FUSE) as far as flock(2) reaches there. What is no object, a link to nothing, gives
  /// way also to a create_only; a link is replaced, never followed.
  Result<void> publish(const std::string& name, PutCondition condition);

  /// Takes back a published create_only, unless something else has the name by now.
  void withdraw(const std::string& name);

  [[nodiscard]] Result<ObjectInfo> info(std::string_view name) const;

 private:
  TemporaryFile(int folder, std::string path, std::string temporary_name, FileDescriptor file);

  Result<void> publish_new(const std::string& name);
  Result<void> publish_new_by_link(const std::string& name);
  bool replace_broken_link(const std::string& name);
  void discard_temporary_name();
  [[nodiscard]] Failure conflict() const;

  int folder_;
  std::string path_;
  std::string temporary_name_;  // empty once it is gone
  FileDescriptor file_;
};

}  // namespace chartmuseum::storage
