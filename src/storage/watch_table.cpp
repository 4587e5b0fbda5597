// SPDX-License-Identifier: Apache-2.0
#include "storage/watch_table.hpp"

#include "storage/local_failure.hpp"

#include <climits>

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace chartmuseum::storage {

namespace {

constexpr int kMostLinks = 40;      // as the kernel has it (path_resolution(7))
constexpr int kMostRestarts = 100;  // of following a path that changes under our feet
constexpr std::uint32_t kSelf = IN_DELETE_SELF | IN_MOVE_SELF;

bool limit_reached(int error) {
  return error == ENOSPC || error == ENOMEM;
}

WatchTable::End nowhere(int error) {
  return {.path = {}, .mode = 0, .error = error};
}

int look(const std::string& path, struct stat& found) {
  return ::lstat(path.c_str(), &found) == 0 ? 0 : errno;
}

std::string target_of(const std::string& link) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return target;
}

}  // namespace

WatchTable::End WatchTable::follow(Trail& trail, std::string_view path, std::size_t quiet) {
  std::vector<Segment> segments;  // the next one last
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin)
      segments.push_back({std::string(path.substr(begin, end - begin)), end > quiet});
    begin = end + 1;
  }
  std::reverse(segments.begin(), segments.end());
  for (int attempt = 0; attempt < kMostRestarts; ++attempt) {
    End end = follow_once(trail, segments);
    if (end.error != EAGAIN) return end;
    release(trail);
  }
  return nowhere(ENOSPC);  // as good as unwatchable
}

WatchTable::End WatchTable::follow_once(Trail& trail, std::vector<Segment> pending) {
  End end{.path = {}, .mode = S_IFDIR, .error = 0};
  int links = 0;
  if (const int error = depend_on_self(trail, ""); limit_reached(error)) return nowhere(ENOSPC);
  while (!pending.empty()) {
    const Segment segment = std::move(pending.back());
    pending.pop_back();
    if (segment.name.empty() || segment.name == ".") continue;
    if (segment.name == "..") {
      end.path.erase(std::min(end.path.rfind('/'), end.path.size()));
      continue;
    }

    const std::string candidate = end.path + '/' + segment.name;
    struct stat found{};
    int error = look(candidate, found);
    const bool folder = error == 0 && S_ISDIR(found.st_mode);
    if (!folder || segment.named) {
      const std::uint32_t mask = kReplaced | (folder ? 0 : kWritten);
      const int refused = depend_on_name(trail, end.path, segment.name, mask);
      if (limit_reached(refused)) return nowhere(ENOSPC);
      if (means_absent(refused)) return nowhere(EAGAIN);
      error = look(candidate, found);
    }
    if (error != 0) return nowhere(error);

    if (S_ISLNK(found.st_mode)) {
      if (++links > kMostLinks) return nowhere(ELOOP);
      const std::string target = target_of(candidate);
      if (target.starts_with('/')) end.path.clear();
      for (std::size_t stop = target.size(); stop > 0;) {  // from the back
        const std::size_t slash = target.rfind('/', stop - 1);
        const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
        pending.push_back({target.substr(begin, stop - begin), false});
        stop = slash == std::string::npos ? 0 : slash;
      }
      continue;
    }
    end.path = candidate;
    end.mode = found.st_mode;
    if (S_ISDIR(found.st_mode)) {
      const int refused = depend_on_self(trail, end.path);
      if (limit_reached(refused)) return nowhere(ENOSPC);
      if (means_absent(refused)) return nowhere(EAGAIN);
    } else if (!pending.empty()) {
      return nowhere(ENOTDIR);
    }
  }
  return end;
}

void WatchTable::release(Trail& trail) {
  for (const auto& [watch, name] : trail.steps) {
    const auto node = nodes_.find(watch);
    if (node == nodes_.end()) continue;
    if (name.empty()) {
      node->second.selves.erase(&trail);
    } else if (const auto users = node->second.names.find(name);
               users != node->second.names.end()) {
      users->second.erase(&trail);
      if (users->second.empty()) node->second.names.erase(users);
    }
    drop_if_unused(watch);
  }
  trail.steps.clear();
}

int WatchTable::watch_contents(const std::string& path, WatchedFolder* folder) {
  const int watch = add(path, kReplaced | kWritten | kSelf);
  if (watch >= 0) nodes_[watch].contents.insert(folder);
  return watch;
}

void WatchTable::release_contents(int watch, WatchedFolder* folder) {
  const auto node = nodes_.find(watch);
  if (node == nodes_.end()) return;
  node->second.contents.erase(folder);
  drop_if_unused(watch);
}

const WatchTable::Node* WatchTable::find(int watch) const {
  const auto node = nodes_.find(watch);
  return node == nodes_.end() ? nullptr : &node->second;
}

/// Folders on the way that may not be read cannot be watched (EACCES); that is no reason not to
/// watch the rest. 0 or an error number, as with depend_on_name.
int WatchTable::depend_on_self(Trail& trail, const std::string& folder) {
  const int watch = add(folder, kSelf);
  if (watch < 0) return -watch;
  if (nodes_[watch].selves.insert(&trail).second) trail.steps.emplace_back(watch, "");
  return 0;
}

int WatchTable::depend_on_name(Trail& trail, const std::string& folder, const std::string& name,
                               std::uint32_t mask) {
  const int watch = add(folder, mask | kSelf);
  if (watch < 0) return -watch;
  if (nodes_[watch].names[name].insert(&trail).second) trail.steps.emplace_back(watch, name);
  return 0;
}

int WatchTable::add(const std::string& folder, std::uint32_t mask) const {
  const int watch = ::inotify_add_watch(inotify_, folder.empty() ? "/" : folder.c_str(),
                                        mask | IN_MASK_ADD | IN_ONLYDIR | IN_DONT_FOLLOW);
  return watch >= 0 ? watch : -errno;
}

void WatchTable::drop_if_unused(int watch) {
  const auto node = nodes_.find(watch);
  if (node == nodes_.end()) return;
  const Node& uses = node->second;
  if (!uses.names.empty() || !uses.selves.empty() || !uses.contents.empty()) return;
  ::inotify_rm_watch(inotify_, watch);
  nodes_.erase(node);
}

}  // namespace chartmuseum::storage
