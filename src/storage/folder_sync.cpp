// SPDX-License-Identifier: Apache-2.0
#include "storage/folder_sync.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace chartmuseum::storage {

int FolderSync::sync(int folder) {
  struct stat identity{};
  if (::fstat(folder, &identity) != 0) return errno;
  const Identity key(identity.st_dev, identity.st_ino);

  std::unique_lock lock(mutex_);
  std::shared_ptr<Folder> state = folders_[key].lock();
  if (!state) {
    state = std::make_shared<Folder>();
    folders_[key] = state;
  }
  const std::uint64_t wanted = state->started + 1;
  while (state->finished < wanted) {
    if (state->running) {
      state->changed.wait(lock);
      continue;
    }
    state->running = true;
    const std::uint64_t mine = ++state->started;
    ++count_;
    lock.unlock();
    const int error = ::fsync(folder) == 0 ? 0 : errno;
    lock.lock();
    state->running = false;
    state->finished = mine;
    if (error != 0) {
      state->failed = mine;
      state->error = error;
    }
    state->changed.notify_all();
  }
  // A later one may have failed too by now: no reason to trust ours.
  const int error = state->failed >= wanted ? state->error : 0;
  if (state.use_count() == 1) folders_.erase(key);
  return error;
}

std::uint64_t FolderSync::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace chartmuseum::storage
