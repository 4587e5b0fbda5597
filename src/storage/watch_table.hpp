// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/inotify.h>
#include <sys/types.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

struct WatchedFolder;

/// Everything that one path hangs on: each folder on the way, each link, and its end. When one of
/// them changes, the path may lead elsewhere.
struct Trail {
  WatchedFolder* folder = nullptr;                 // whose path this is,
  std::string link;                                // or, unless empty, whose link of that name
  std::vector<std::pair<int, std::string>> steps;  // watch, and name in it ("": the folder itself)
};

/// The inotify watches of one instance, with what each is there for. Several uses share a watch,
/// as the kernel has one for each inode. Not thread-safe.
class WatchTable {
 public:
  struct Node {
    std::unordered_map<std::string, std::unordered_set<Trail*>> names;
    std::unordered_set<Trail*> selves;
    std::unordered_set<WatchedFolder*> contents;
  };

  /// Where a path led.
  struct End {
    std::string path;  // without links; "" is "/"
    mode_t mode = 0;
    int error = 0;  // ENOENT, ELOOP, ...; ENOSPC when the limit of watches is reached
  };

  /// What can happen to a name in a folder: something else is there, or other bytes.
  static constexpr std::uint32_t kReplaced = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE;
  static constexpr std::uint32_t kWritten = IN_CLOSE_WRITE | IN_ATTRIB;
  /// What can happen to a folder itself.
  static constexpr std::uint32_t kGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

  explicit WatchTable(int inotify) : inotify_(inotify) {}

  /// Follows an absolute path through every link, and watches each step of it before looking at
  /// it, so that no change goes unseen. The names of folders below the first `quiet` bytes of the
  /// path are watched too: a removed folder which somebody still has open is gone by name long
  /// before the kernel says that it is gone itself.
  End follow(Trail& trail, std::string_view path, std::size_t quiet);
  void release(Trail& trail);

  /// Watches all names in a folder. The watch, or a negative error number.
  int watch_contents(const std::string& path, WatchedFolder* folder);
  void release_contents(int watch, WatchedFolder* folder);

  [[nodiscard]] const Node* find(int watch) const;
  /// The kernel has dropped it (IN_IGNORED).
  void forget(int watch) { nodes_.erase(watch); }

 private:
  struct Segment {
    std::string name;
    bool named;  // watch its name, even if it is a folder
  };

  End follow_once(Trail& trail, std::vector<Segment> pending);
  int depend_on_self(Trail& trail, const std::string& folder);
  int depend_on_name(Trail& trail, const std::string& folder, const std::string& name,
                     std::uint32_t mask);
  [[nodiscard]] int add(const std::string& folder, std::uint32_t mask) const;
  void drop_if_unused(int watch);

  int inotify_;
  std::unordered_map<int, Node> nodes_;
};

}  // namespace chartmuseum::storage
