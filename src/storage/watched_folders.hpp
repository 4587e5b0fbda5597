// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/watch_table.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chartmuseum::storage {

/// One folder that somebody watches, by its path.
struct WatchedFolder {
  std::string path;
  std::string place;  // where the path leads now, without links
  int contents = -1;  // the watch of that place; -1: there is no folder now
  bool lost = false;  // cannot be watched any more
  std::size_t users = 0;
  std::unique_ptr<Trail> trail;
  std::unordered_map<std::string, std::unique_ptr<Trail>> links;  // by name in the folder
};

/// What inotify's events mean for the folders that are watched. Knows no threads: its user feeds
/// it events, and guards it.
class WatchedFolders {
 public:
  explicit WatchedFolders(int inotify, std::size_t quiet) : table_(inotify), quiet_(quiet) {}

  /// The folder at `path`, watched from now on with the targets of its links; 0 or the error
  /// number that tells why not (ENOENT: absent, ENOSPC: the limit of watches). Each success is to
  /// be matched by a remove().
  int add(const std::string& path, WatchedFolder** folder);
  void remove(WatchedFolder* folder);

  /// Takes up one event.
  void take(const inotify_event& event, std::string_view name);
  /// Looks again at all paths that the events since the last call have put in doubt, and tells
  /// what has changed in which folder.
  std::map<WatchedFolder*, FolderChange> settle();

 private:
  struct Changes {
    std::set<std::string> names;
    std::set<std::string> links;  // to be followed again
    bool everything = false;
    bool moved = false;  // the folder's path is to be followed again
  };

  void forget(WatchedFolder* folder);
  int attach(WatchedFolder& folder);
  void detach(WatchedFolder& folder);
  int follow_links(WatchedFolder& folder);
  int follow_link(WatchedFolder& folder, const std::string& name);
  void forget_link(WatchedFolder& folder, const std::string& name);
  void lose(WatchedFolder& folder);
  void touch(const Trail& trail);
  void change_in(WatchedFolder& folder, std::uint32_t mask, const std::string& name);

  WatchTable table_;
  std::size_t quiet_;
  std::unordered_map<std::string, std::unique_ptr<WatchedFolder>> folders_;  // by path
  std::map<WatchedFolder*, Changes> changes_;
};

}  // namespace chartmuseum::storage
