// SPDX-License-Identifier: Apache-2.0
#include "storage/watched_folders.hpp"

#include "storage/local_failure.hpp"
#include "storage/local_write.hpp"
#include "storage/open_folder.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace chartmuseum::storage {

namespace {

constexpr int kMostRestarts = 100;

/// A file that was just made and holds nothing yet: its writer will close it, and then is the
/// time to look. With bytes in it, it may be a hard link, or have been linked in after it was
/// written: nothing else would be reported.
bool still_to_be_written(const struct stat& file) {
  return S_ISREG(file.st_mode) && file.st_nlink == 1 && file.st_size == 0;
}

}  // namespace

int WatchedFolders::add(const std::string& path, WatchedFolder** folder) {
  auto& slot = folders_[path];
  if (!slot) {
    slot = std::make_unique<WatchedFolder>();
    slot->path = path;
  }
  if (slot->contents < 0) {
    int error = attach(*slot);
    if (error == 0 && slot->contents < 0) error = ENOENT;
    if (error != 0) {
      if (slot->users == 0) forget(slot.get());
      return error;  // those who wait for the folder's return go on waiting
    }
    slot->lost = false;
  }
  ++slot->users;
  *folder = slot.get();
  return 0;
}

void WatchedFolders::remove(WatchedFolder* folder) {
  if (--folder->users == 0) forget(folder);
}

void WatchedFolders::forget(WatchedFolder* folder) {
  detach(*folder);
  changes_.erase(folder);
  folders_.erase(std::string(folder->path));
}

void WatchedFolders::take(const inotify_event& event, std::string_view event_name) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    for (const auto& [path, folder] : folders_) changes_[folder.get()].moved = true;
    return;
  }
  const WatchTable::Node* node = table_.find(event.wd);
  if (node == nullptr) return;  // of a watch that has ended

  if ((event.mask & WatchTable::kGone) != 0) {
    for (const Trail* trail : node->selves) touch(*trail);
    for (const auto& [name, trails] : node->names) {
      for (const Trail* trail : trails) touch(*trail);
    }
    for (WatchedFolder* folder : node->contents) changes_[folder].moved = true;
    if ((event.mask & IN_IGNORED) != 0) table_.forget(event.wd);
    return;
  }
  if (event_name.empty()) {
    // The folder's own attributes: what is in it may have become readable, or stopped being so.
    for (WatchedFolder* folder : node->contents) changes_[folder].everything = true;
    return;
  }
  const std::string name(event_name);
  if (const auto trails = node->names.find(name); trails != node->names.end()) {
    for (const Trail* trail : trails->second) touch(*trail);
  }
  if ((event.mask & IN_ISDIR) != 0 || is_temporary_name(name)) return;
  for (WatchedFolder* folder : node->contents) change_in(*folder, event.mask, name);
}

std::map<WatchedFolder*, FolderChange> WatchedFolders::settle() {
  std::map<WatchedFolder*, FolderChange> told;
  for (auto& [folder, changes] : changes_) {
    if (folder->lost) continue;
    int error = 0;
    if (changes.moved) {
      changes.everything = true;
      error = attach(*folder);
    } else {
      for (const std::string& name : changes.links) {
        error = follow_link(*folder, name);
        if (error != 0) break;
      }
    }
    if (error != 0) {
      changes.everything = true;
      lose(*folder);
    }
    FolderChange& change = told[folder];
    change.everything = changes.everything;
    if (!changes.everything) change.names.assign(changes.names.begin(), changes.names.end());
  }
  changes_.clear();
  std::erase_if(told, [](const auto& entry) {
    return !entry.second.everything && entry.second.names.empty();
  });
  return told;
}

/// Follows the folder's path and watches what is there now, or, if there is nothing, for
/// something to appear.
int WatchedFolders::attach(WatchedFolder& folder) {
  for (int attempt = 0; attempt < kMostRestarts; ++attempt) {
    auto trail = std::make_unique<Trail>(Trail{.folder = &folder, .link = {}, .steps = {}});
    const WatchTable::End end = table_.follow(*trail, folder.path, quiet_);
    int watch = -1;
    int error = means_absent(end.error) ? 0 : end.error;
    if (end.error == 0 && S_ISDIR(end.mode)) {
      watch = table_.watch_contents(end.path, &folder);
      error = watch < 0 ? -watch : 0;
      if (means_absent(error)) {
        table_.release(*trail);
        continue;
      }
    }
    if (error != 0) {
      table_.release(*trail);
      return error;
    }
    // The new watches first, then the old ones go: what is in both never stops being watched.
    const int old_contents = folder.contents;
    if (folder.trail) table_.release(*folder.trail);
    for (auto& [name, link] : folder.links) table_.release(*link);
    folder.links.clear();
    folder.trail = std::move(trail);
    folder.contents = watch;
    folder.place = end.path;
    if (old_contents >= 0 && old_contents != watch) table_.release_contents(old_contents, &folder);
    return watch >= 0 ? follow_links(folder) : 0;
  }
  return ENOSPC;
}

void WatchedFolders::detach(WatchedFolder& folder) {
  if (folder.trail) table_.release(*folder.trail);
  folder.trail.reset();
  for (auto& [name, link] : folder.links) table_.release(*link);
  folder.links.clear();
  if (folder.contents >= 0) table_.release_contents(folder.contents, &folder);
  folder.contents = -1;
}

int WatchedFolders::follow_links(WatchedFolder& folder) {
  const OpenFolder open(::opendir(folder.place.empty() ? "/" : folder.place.c_str()));
  if (!open) return means_absent(errno) ? 0 : errno;  // gone again: an event is on its way
  while (const dirent* entry = ::readdir(open.get())) {
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) continue;
    struct stat found{};
    if (::fstatat(::dirfd(open.get()), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISLNK(found.st_mode)) continue;
    if (const int error = follow_link(folder, entry->d_name); error != 0) return error;
  }
  return 0;
}

int WatchedFolders::follow_link(WatchedFolder& folder, const std::string& name) {
  const std::string path = folder.place + '/' + name;
  auto trail = std::make_unique<Trail>(Trail{.folder = &folder, .link = name, .steps = {}});
  const WatchTable::End end = table_.follow(*trail, path, path.size());
  forget_link(folder, name);
  if (end.error == ENOSPC) {
    table_.release(*trail);
    return end.error;
  }
  // Wherever it leads, also nowhere: the trail tells when that changes.
  folder.links.emplace(name, std::move(trail));
  return 0;
}

void WatchedFolders::forget_link(WatchedFolder& folder, const std::string& name) {
  const auto link = folder.links.find(name);
  if (link == folder.links.end()) return;
  table_.release(*link->second);
  folder.links.erase(link);
}

void WatchedFolders::lose(WatchedFolder& folder) {
  detach(folder);
  folder.lost = true;
}

void WatchedFolders::touch(const Trail& trail) {
  Changes& changes = changes_[trail.folder];
  if (trail.link.empty()) {
    changes.moved = true;
  } else {
    changes.links.insert(trail.link);
    changes.names.insert(trail.link);
  }
}

void WatchedFolders::change_in(WatchedFolder& folder, std::uint32_t mask, const std::string& name) {
  Changes& changes = changes_[&folder];
  if ((mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
    struct stat found{};
    const bool there = ::lstat((folder.place + '/' + name).c_str(), &found) == 0;
    if (there && S_ISLNK(found.st_mode)) {
      changes.links.insert(name);
    } else {
      changes.links.erase(name);
      forget_link(folder, name);
      if ((mask & IN_CREATE) != 0 && there && still_to_be_written(found)) return;
    }
  } else if ((mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
    changes.links.erase(name);
    forget_link(folder, name);
  }
  changes.names.insert(name);
}

}  // namespace chartmuseum::storage
