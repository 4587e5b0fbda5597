// SPDX-License-Identifier: Apache-2.0
#include "storage/local_store.hpp"

#include "storage/folder_watcher.hpp"
#include "storage/hot_objects.hpp"
#include "storage/local_failure.hpp"
#include "storage/local_folder.hpp"
#include "storage/local_listing.hpp"
#include "storage/local_object.hpp"
#include "storage/local_write.hpp"
#include "storage/object_key.hpp"

#include <climits>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace chartmuseum::storage {

namespace {

/// Up to here one read(2) into memory, sent in one piece with the headers, is as cheap as
/// sendfile(2) or cheaper (docs/design/storage.md); above, sendfile wins.
constexpr std::uint64_t kLargestInMemory = 16'384;

/// For a thousand packages of the usual size. Larger memory is the page cache's business; this only
/// spares the way to it: one stat(2) instead of open(2), fstat(2), read(2) and close(2).
constexpr std::size_t kHotBytes = 8UL << 20;

/// How many changes may wait for the disk together: file systems flush them in one commit, so that
/// this, not the number of cores, is what makes for many a second.
constexpr std::size_t kWriters = 16;

class LocalStore final : public ObjectStore {
 public:
  LocalStore(std::string root, WorkerPool& workers, const telemetry::Log& log)
      : workers_(workers),
        folders_(std::move(root)),
        listing_(log),
        watcher_(folders_.root(), log) {}

  Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) override {
    co_return co_await workers_.run([&] { return get_now(key, limit); });
  }
  Task<Result<std::optional<OpenObject>>> open(std::string key) override {
    co_return open_now(key);
  }
  Task<Result<std::optional<ObjectInfo>>> stat(std::string key) override {
    co_return stat_now(key);
  }
  Task<Result<ObjectInfo>> put(std::string key, Content content, PutCondition condition) override {
    co_return co_await writers_.run([&] { return put_now(key, content, condition); });
  }
  Task<Result<bool>> remove(std::string key) override {
    co_return co_await writers_.run([&] { return remove_now(key); });
  }
  Task<Result<std::vector<ObjectInfo>>> list(std::string folder) override {
    co_return co_await workers_.run([&] { return list_now(folder); });
  }
  std::unique_ptr<FolderWatch> watch(std::string folder, OnChange on_change) override {
    if (!folder.empty() && !valid_key(folder)) return nullptr;
    return watcher_.watch(folders_.path(folder), std::move(on_change));
  }
  Task<Result<std::optional<std::string>>> folder_stamp(std::string folder) override {
    co_return stamp_now(folder);
  }

 private:
  static std::unexpected<Failure> invalid(const std::string& key) {
    return std::unexpected(Failure{FailureKind::invalid, "not a valid key: " + key});
  }

  Result<std::optional<OpenFile>> open_object(const std::string& key) const {
    if (!valid_key(key)) return invalid(key);
    const std::string_view name = split_key(key).name;
    if (is_temporary_name(name)) return std::nullopt;
    return open_file(folders_.path(key), name);
  }

  Result<std::optional<Object>> get_now(const std::string& key, std::uint64_t limit) const {
    auto opened = open_object(key);
    if (!opened) return std::unexpected(std::move(opened.error()));
    if (!*opened) return std::nullopt;
    OpenFile& file = **opened;
    if (file.info.size > limit) {
      return std::unexpected(
          Failure{FailureKind::invalid,
                  key + " has " + std::to_string(file.info.size) + " bytes, more than allowed"});
    }
    auto bytes = read_file(file, folders_.path(key));
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return Object{std::move(file.info), std::move(*bytes)};
  }

  Result<std::optional<OpenObject>> open_now(const std::string& key) {
    if (auto hot = hot_.find(key)) {
      auto found = stat_now(key);
      if (!found) return std::unexpected(std::move(found.error()));
      if (!*found) return std::nullopt;
      if ((*found)->etag == hot->etag) {
        return OpenObject{std::move(**found), std::move(hot->bytes)};
      }
    }
    auto opened = open_object(key);
    if (!opened) return std::unexpected(std::move(opened.error()));
    if (!*opened) return std::nullopt;
    OpenFile& file = **opened;
    if (file.info.size > kLargestInMemory) {
      return OpenObject{std::move(file.info),
                        std::make_shared<const FileDescriptor>(std::move(file.descriptor))};
    }
    const std::uint64_t size = file.info.size;
    auto read = read_file(file, folders_.path(key));
    if (!read) return std::unexpected(std::move(read.error()));
    auto bytes = std::make_shared<const std::string>(std::move(*read));
    if (bytes->size() == size) hot_.keep(key, {.etag = file.info.etag, .bytes = bytes});
    return OpenObject{std::move(file.info), std::move(bytes)};
  }

  Result<std::optional<ObjectInfo>> stat_now(const std::string& key) const {
    if (!valid_key(key)) return invalid(key);
    const std::string_view name = split_key(key).name;
    if (is_temporary_name(name)) return std::nullopt;
    return stat_file(folders_.path(key), name);
  }

  Result<ObjectInfo> put_now(const std::string& key, const Content& content,
                             PutCondition condition) {
    if (!valid_key(key)) return invalid(key);
    const std::string folder(split_key(key).folder);
    const std::string name(split_key(key).name);
    if (is_temporary_name(name)) return invalid(key);
    const std::string path = folders_.path(key);
    // Made step by step it would exist, and be out of reach of every reader.
    if (path.size() >= PATH_MAX) return failed(ENAMETOOLONG, "write", path);
    if (condition == PutCondition::create_only) {
      // Spares the disk a file that could not get its name; publish() decides.
      const auto present = stat_file(path, name);
      if (present && *present) {
        return std::unexpected(Failure{FailureKind::conflict, path + " exists"});
      }
    }

    auto opened = folders_.open_or_make(folder);
    if (!opened) return std::unexpected(std::move(opened.error()));
    auto file = TemporaryFile::create(opened->get(), path);
    if (!file) return std::unexpected(std::move(file.error()));
    if (auto done = file->write(content); !done) return std::unexpected(std::move(done.error()));
    if (auto done = file->publish(name, condition); !done) {
      return std::unexpected(std::move(done.error()));
    }
    if (const int error = folders_.sync().sync(opened->get()); error != 0) {
      // An overwritten object cannot be brought back; the new one is at least whole.
      if (condition == PutCondition::create_only) file->withdraw(name);
      return failed(error, "sync the folder of", path);
    }
    return file->info(name);
  }

  Result<bool> remove_now(const std::string& key) {
    if (!valid_key(key)) return invalid(key);
    const std::string name(split_key(key).name);
    if (is_temporary_name(name)) return false;
    const std::string path = folders_.path(key);
    auto present = stat_file(path, name);
    if (!present) return std::unexpected(std::move(present.error()));
    if (!*present) return false;

    auto opened = folders_.open(std::string(split_key(key).folder));
    if (!opened) return std::unexpected(std::move(opened.error()));
    if (!*opened) return false;
    const int folder = (*opened)->get();
    if (::unlinkat(folder, name.c_str(), 0) != 0) {
      if (errno == ENOENT || errno == EISDIR) return false;  // since the look above
      return failed(errno, "remove", path);
    }
    if (const int error = folders_.sync().sync(folder); error != 0) {
      return failed(error, "sync the folder of", path);
    }
    return true;
  }

  Result<std::vector<ObjectInfo>> list_now(const std::string& folder) {
    if (!folder.empty() && !valid_key(folder)) return invalid(folder);
    return listing_.list(folders_.path(folder), folder);
  }

  /// Adding, removing and renaming move a folder's modification time; a folder in the place of
  /// another has another inode.
  Result<std::optional<std::string>> stamp_now(const std::string& folder) const {
    if (!folder.empty() && !valid_key(folder)) return invalid(folder);
    const std::string path = folders_.path(folder);
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
      if (means_absent(errno)) return "absent";
      return failed(errno, "stat", path);
    }
    const Timestamp modified = to_timestamp(found.st_mtim);
    return unless_ambiguous(std::to_string(found.st_dev) + '-' + std::to_string(found.st_ino) +
                                '-' + std::to_string(modified.time_since_epoch().count()),
                            modified);
  }

  WorkerPool& workers_;
  HotObjects hot_{kHotBytes};
  LocalFolders folders_;
  LocalListing listing_;
  FolderWatcher watcher_;
  WorkerPool writers_{kWriters};
};

}  // namespace

std::unique_ptr<ObjectStore> make_local_store(const LocalStoreSettings& settings,
                                              WorkerPool& workers, const telemetry::Log& log) {
  std::string root = std::filesystem::absolute(settings.root).lexically_normal().native();
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  return std::make_unique<LocalStore>(std::move(root), workers, log);
}

}  // namespace chartmuseum::storage
