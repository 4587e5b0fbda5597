// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/file_descriptor.hpp"
#include "base/task.hpp"
#include "base/timestamp.hpp"
#include "storage/content.hpp"
#include "storage/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chartmuseum::storage {

/// What a store knows of an object without reading it.
struct ObjectInfo {
  std::string name;  // the last segment of its key
  std::uint64_t size = 0;
  Timestamp modified;
  std::string etag;  // differs whenever the bytes may differ; opaque; empty: the store has none

  /// Whether two descriptions are of the same bytes, as far as the store can tell: by the etag
  /// where both have one, else by size and time.
  [[nodiscard]] bool same_content(const ObjectInfo& other) const;
};

struct Object {
  ObjectInfo info;
  std::string bytes;
};

/// The first bytes of an object, or all.
struct ObjectStart {
  ObjectInfo info;
  std::string bytes;
  /// Of the whole: what Content::digest() was when the object was put. Nothing if it was not set
  /// then, or if somebody else stored the object; never one that the store has computed itself,
  /// because it also says that these bytes were checked.
  std::optional<Digest> digest;
};

/// Bytes that arrive piece by piece.
class ObjectStream {
 public:
  virtual ~ObjectStream() = default;
  /// The next piece; empty at the end.
  virtual Task<Result<std::string>> next() = 0;
};

/// An object opened for reading in whichever form is cheapest to pass on: a file, of which the
/// first `info.size` bytes are the object's, bytes in memory, or a stream.
struct OpenObject {
  ObjectInfo info;
  std::variant<std::shared_ptr<const FileDescriptor>, std::shared_ptr<const std::string>,
               std::shared_ptr<ObjectStream>>
      content;
};

enum class PutCondition { create_only, overwrite };

/// What changed in a watched folder: some names, or nobody knows what.
struct FolderChange {
  std::vector<std::string> names;
  bool everything = false;  // compare the whole folder (queue overflow, folder moved)
};

/// Lives as long as a folder is watched; destroying it ends the watch, and no callback runs after:
/// the destructor waits for one that is running, so hold no lock that the callback takes (from
/// within the callback it may be destroyed). Must not outlive its store.
///
/// The watch survives that the folder is removed, moved, replaced or made again: that is a change
/// of everything, and what is then in its place is watched.
class FolderWatch {
 public:
  virtual ~FolderWatch() = default;
  /// Whether every change made before this call has been handed to the callback. Cheap (no
  /// lock, at most one system call): asked on every read of an index.
  [[nodiscard]] virtual bool up_to_date() const = 0;
  /// Ends when every change made before the call has been handed to the callback, or the watch is
  /// no longer alive. Takes well under a millisecond as a rule, and does not wait for what
  /// changes later. This one asks up_to_date() again and again.
  virtual Task<> caught_up();
  /// False once the folder cannot be watched any more (the system's limit was reached when it
  /// was replaced): the callback has been told that everything may have changed, up_to_date()
  /// is false from now on, and folder_stamp() has to do.
  [[nodiscard]] virtual bool alive() const { return true; }
};

/// ObjectStore::reads_at_once() of a service that takes some ten milliseconds to answer.
inline constexpr std::size_t kReadsOverNetwork = 64;

/// Objects by key. A key is segments joined by "/", each a valid file name (object_key.hpp); the
/// segments before the last are its folder. Implementations are thread-safe and outlive every
/// task they return. Every outcome is a value; exceptions are for programming errors.
class ObjectStore {
 public:
  using OnChange = std::function<void(FolderChange)>;

  virtual ~ObjectStore() = default;

  /// The whole object; nothing if it is absent. Objects over `limit` bytes are `invalid`.
  virtual Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) = 0;

  /// Whether get_start() costs less than get(), and put() keeps the content's digest.
  [[nodiscard]] virtual bool knows_digests() const { return false; }

  /// How many reads at a time get the most out of this store; 0: as many as there are workers,
  /// because they keep the processor or a disk busy and not a network.
  [[nodiscard]] virtual std::size_t reads_at_once() const { return 0; }

  /// At least the first `size` bytes of the object, or all if it has fewer; nothing if it is
  /// absent. This one reads all.
  virtual Task<Result<std::optional<ObjectStart>>> get_start(std::string key, std::uint64_t size);

  /// The object, to be sent on; nothing if it is absent.
  virtual Task<Result<std::optional<OpenObject>>> open(std::string key) = 0;

  virtual Task<Result<std::optional<ObjectInfo>>> stat(std::string key) = 0;

  /// Stores `content` (whose bytes must stay valid until the task ends) atomically: at any instant,
  /// also of a crash, the object is either absent or whole, old or new. When it returns a value,
  /// the object is durable. With create_only it is a `conflict` if the object exists, also when two
  /// processes try at once. Folders are made as needed.
  virtual Task<Result<ObjectInfo>> put(std::string key, Content content,
                                       PutCondition condition) = 0;

  /// True if the object was there and is now gone, durably; false if it was absent.
  virtual Task<Result<bool>> remove(std::string key) = 0;

  /// The objects directly in `folder` ("" is the root), in no order. An absent folder is empty.
  /// Things that cannot be read as objects are logged and left out.
  virtual Task<Result<std::vector<ObjectInfo>>> list(std::string folder) = 0;

  /// Calls `on_change`, on a thread of the store, soon after anything in `folder` changed, by
  /// whomever. It must not block: one thread may serve all watches. Null if this store, or this
  /// folder now, cannot be watched (it does not exist, or the system's limit is reached). Changes
  /// made between a watch's start and the return of this call are reported. May block for as long
  /// as reading the folder's names takes.
  virtual std::unique_ptr<FolderWatch> watch(std::string folder, OnChange on_change);

  /// Something that differs whenever objects were added to or removed from the folder, for
  /// much less than a list costs; nothing if the store has no such thing.
  virtual Task<Result<std::optional<std::string>>> folder_stamp(std::string folder);

  /// A URL from which anybody may GET the object for so long, without asking this server: it holds
  /// a signature, so it is a secret. Nothing if the store has no such thing. Does not look whether
  /// the object is there.
  virtual Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                                std::chrono::seconds valid);
};

}  // namespace chartmuseum::storage
