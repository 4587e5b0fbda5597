// SPDX-License-Identifier: Apache-2.0
#include "storage/local_listing.hpp"

#include "storage/local_failure.hpp"
#include "storage/local_object.hpp"
#include "storage/local_write.hpp"
#include "storage/object_key.hpp"
#include "storage/open_folder.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <utility>
#include <variant>

namespace chartmuseum::storage {

namespace {

/// Whether a failed stat() is this one entry's fault. Anything else (a disk or a network that is
/// out of order) must not make objects look removed.
bool fault_of_the_entry(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case ENAMETOOLONG:
    case EOVERFLOW:
    case EBADMSG:  // EFSBADCRC: this inode is damaged
    case EUCLEAN:  // EFSCORRUPTED
      return true;
    default:
      return means_absent(error);
  }
}

const char* kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

std::string describe_link(int error, const struct stat& target) {
  if (error == ELOOP) return "a link that loops";
  if (error == EACCES || error == EPERM) return "a link to what may not be read";
  if (error != 0) return "a link to nothing";
  if (S_ISDIR(target.st_mode)) return "a link to a folder";
  return std::string("a link to ") + kind_of(target.st_mode);
}

/// What one entry is: nothing to speak of, an object, something to leave out, or the number of an
/// error that is not its fault.
using Entry = std::variant<std::monostate, ObjectInfo, Oddity, int>;

Entry examine(int folder, const dirent& entry) {
  const char* name = entry.d_name;
  if (entry.d_type == DT_DIR) return {};  // another repository
  struct stat file{};
  const int error = ::fstatat(folder, name, &file, 0) == 0 ? 0 : errno;
  if (error == 0 && S_ISREG(file.st_mode) && valid_segment(name)) return describe(name, file);
  if (error != 0 && !fault_of_the_entry(error)) return error;

  struct stat itself{};
  if (::fstatat(folder, name, &itself, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};  // removed since the folder was read
    return Oddity{"what may not be read", {}};
  }
  const Timestamp changed = to_timestamp(itself.st_ctim);
  if (S_ISDIR(itself.st_mode)) return {};
  if (!valid_segment(name)) return Oddity{"a name that no object can have", changed};
  if (S_ISLNK(itself.st_mode)) return Oddity{describe_link(error, file), changed};
  if (S_ISREG(itself.st_mode)) return describe(name, itself);  // replaced just now
  return Oddity{kind_of(itself.st_mode), changed};
}

}  // namespace

Result<std::vector<ObjectInfo>> LocalListing::list(const std::string& path,
                                                   const std::string& folder) {
  std::vector<ObjectInfo> objects;
  LeftOut left_out;
  const OpenFolder open(::opendir(path.c_str()));
  if (!open) {
    if (!means_absent(errno)) return failed(errno, "open", path);
    report(folder, {});
    return objects;
  }
  const int number = ::dirfd(open.get());

  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) {
      if (errno != 0) return failed(errno, "read", path);
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (is_temporary_name(name)) {
      remove_orphan(number, entry->d_name);
      continue;
    }
    Entry found = examine(number, *entry);
    if (const int* error = std::get_if<int>(&found))
      return failed(*error, "stat", join_key(path, name));
    if (auto* object = std::get_if<ObjectInfo>(&found)) objects.push_back(std::move(*object));
    if (auto* oddity = std::get_if<Oddity>(&found)) left_out.emplace(name, std::move(*oddity));
  }
  report(folder, std::move(left_out));
  return objects;
}

void LocalListing::report(const std::string& folder, LeftOut left_out) {
  const std::lock_guard lock(mutex_);
  const auto before = reported_.find(folder);
  for (const auto& [name, oddity] : left_out) {
    if (before != reported_.end()) {
      const auto known = before->second.find(name);
      if (known != before->second.end() && known->second == oddity) continue;
    }
    log_.warn("Left out of the storage's listing",
              {{"folder", folder}, {"name", name}, {"reason", oddity.reason}});
  }
  if (left_out.empty()) {
    reported_.erase(folder);
  } else {
    reported_[folder] = std::move(left_out);
  }
}

}  // namespace chartmuseum::storage
