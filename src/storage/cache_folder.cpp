// SPDX-License-Identifier: Apache-2.0
#include "storage/cache_folder.hpp"

#include "base/digest.hpp"
#include "storage/cache_file.hpp"
#include "storage/local_failure.hpp"
#include "storage/local_write.hpp"
#include "storage/object_key.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

namespace {

// A full disk seldom empties in less, and a folder that another process has is free again soon
// after that one has ended, as in a rolling update.
constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::minutes kComplaints{5};
// The order of use need not survive a restart to the minute.
constexpr std::chrono::hours kTouches{1};

constexpr std::size_t kNameDigits =
    32;  // 128 bits of SHA-256: nobody makes two keys that share them
constexpr std::string_view kSuffix = ".cached";
constexpr std::uint64_t kBlock = 4096;  // what a file takes is a multiple of it, mostly

bool is_our_name(std::string_view name) {
  return name.size() == kNameDigits + kSuffix.size() && name.ends_with(kSuffix) &&
         name.find_first_not_of("0123456789abcdef") == kNameDigits;
}

std::uint64_t on_disk(std::uint64_t size) {
  return (size + kBlock - 1) / kBlock * kBlock;
}

}  // namespace

/// A file that is being written, and read meanwhile.
class CacheFolder::File final : public Arrival {
 public:
  File(std::shared_ptr<CacheFolder> owner, std::shared_ptr<const FileDescriptor> folder,
       TemporaryFile file, std::string name, CacheFileLabel label)
      : owner_(std::move(owner)),
        folder_(std::move(folder)),
        file_(std::move(file)),
        name_(std::move(name)),
        label_(std::move(label)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override {
    if (arriving_) owner_->release(size());
  }

  Result<void> append(std::string_view piece) override {
    digest_.append(piece);
    auto appended = file_.append(piece);
    if (!appended) owner_->failed_to_write(appended.error());
    return appended;
  }

  Task<Result<std::string>> read(std::uint64_t at, std::size_t size) override {
    Task<Result<std::string>> reading = owner_->workers_.run([this, at, size] {
      std::string bytes(size, '\0');
      if (!read_exactly(file_.descriptor(), at, bytes.data(), size)) {
        return Result<std::string>(failed(errno, "read", name_));
      }
      return Result<std::string>(std::move(bytes));
    });
    co_return co_await std::move(reading);
  }

  /// Without fsync: what a power failure leaves of it is found out by its digest.
  void keep(const std::function<bool()>& still_current) override {
    const std::string text = label_text(label_);
    digest_.append(text);
    const auto digest = digest_.finish().bytes();
    auto written = file_.append(text);
    if (written) written = file_.append({reinterpret_cast<const char*>(digest.data()), 32});
    if (!written) return owner_->failed_to_write(written.error());
    const std::lock_guard lock(owner_->mutex_);
    if (owner_->folder_ != folder_ || !still_current()) return;  // it was given up meanwhile
    if (auto published = file_.publish(name_, PutCondition::overwrite); !published) {
      return;
    }
    owner_->files_.put(name_, {.touched = Clock::now(), .checked = true}, size());
    owner_->arriving_ -= size();
    arriving_ = false;
  }

 private:
  [[nodiscard]] std::uint64_t size() const { return on_disk(cache_file_size(label_)); }

  std::shared_ptr<CacheFolder> owner_;
  std::shared_ptr<const FileDescriptor> folder_;
  TemporaryFile file_;
  std::string name_;
  CacheFileLabel label_;
  DigestOfPieces digest_;
  bool arriving_ = true;
};

CacheFolder::CacheFolder(Settings settings, WorkerPool& workers, telemetry::Log log)
    : settings_(std::move(settings)), workers_(workers), log_(std::move(log)) {}

CacheFolder::~CacheFolder() = default;

std::string CacheFolder::label_key(const std::string& key) const {
  return settings_.origin + '\n' + key;
}

std::string CacheFolder::name_of(const std::string& key) const {
  return Digest::of(label_key(key)).hex().substr(0, kNameDigits) + std::string(kSuffix);
}

void CacheFolder::open() {
  const std::lock_guard lock(mutex_);
  ready(true);
}

/// Whether the folder can be used. It is left alone for a while after a failure, but for reading.
bool CacheFolder::ready(bool for_writing) {
  if (folder_ && !for_writing) return true;
  if (Clock::now() < try_again_) return false;
  if (folder_ && !is_replaced()) return true;
  folder_.reset();
  files_ = {};
  if (auto taken = take(); !taken) {
    folder_.reset();
    try_again_ = Clock::now() + kPause;
    complain("The package cache's folder cannot be used; packages are not kept there",
             taken.error().detail);
    return false;
  }
  read_names();
  return true;
}

/// Whether the path now leads to another folder, or none.
bool CacheFolder::is_replaced() const {
  struct stat ours{};
  struct stat there{};
  return ::fstat(folder_->get(), &ours) != 0 || ::stat(settings_.path.c_str(), &there) != 0 ||
         ours.st_ino != there.st_ino || ours.st_dev != there.st_dev;
}

Result<void> CacheFolder::take() {
  const std::string& path = settings_.path.native();
  std::error_code error;
  if (settings_.path.has_parent_path()) {
    std::filesystem::create_directories(settings_.path.parent_path(), error);
  }
  // Only for this user: it may hold packages that not everybody may see.
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed(errno, "make", path);
  folder_ = std::make_shared<const FileDescriptor>(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!*folder_) return failed(errno, "open", path);
  if (::flock(folder_->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return std::unexpected(
          Failure{FailureKind::unavailable, path + " is used by another process"});
    }
    return failed(errno, "lock", path);
  }
  if (::faccessat(folder_->get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
    return failed(errno, "write to", path);
  }
  return {};
}

/// What an earlier process has left, in the order of its use.
void CacheFolder::read_names() {
  struct Entry {
    timespec used;
    std::string name;
    std::uint64_t size;
  };
  std::vector<Entry> entries;
  // A descriptor of its own, which the reading may move and close.
  const int copy = ::openat(folder_->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const reading = copy < 0 ? nullptr : ::fdopendir(copy);
  if (reading == nullptr) {
    if (copy >= 0) ::close(copy);
    return;
  }
  while (const dirent* entry = ::readdir(reading)) {
    const std::string name = entry->d_name;
    // The lock says that nobody writes it any more.
    if (is_temporary_name(name)) ::unlinkat(folder_->get(), name.c_str(), 0);
    struct stat file{};
    if (!is_our_name(name) ||
        ::fstatat(folder_->get(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(file.st_mode)) {
      continue;
    }
    entries.push_back({file.st_mtim, name, on_disk(static_cast<std::uint64_t>(file.st_size))});
  }
  ::closedir(reading);
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
  });
  for (Entry& entry : entries) files_.put(std::move(entry.name), {}, entry.size);
  make_room(0);
}

bool CacheFolder::make_room(std::uint64_t size) {
  const auto enough = [&] { return files_.cost() + arriving_ + size <= settings_.capacity; };
  if (arriving_ + size > settings_.capacity) return false;
  files_.shed(enough, [this](const std::string& name, const Kept&) {
    ::unlinkat(folder_->get(), name.c_str(), 0);
    return true;
  });
  return enough();
}

void CacheFolder::complain(std::string_view message, std::string_view detail) {
  if (Clock::now() < complain_again_) return;
  complain_again_ = Clock::now() + kComplaints;
  log_.warn(message, {{"reason", detail}});
}

void CacheFolder::failed_to_write(const Failure& failure) {
  const std::lock_guard lock(mutex_);
  try_again_ = Clock::now() + kPause;
  complain("A package cannot be kept in the package cache's folder", failure.detail);
}

void CacheFolder::release(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  arriving_ -= size;
}

std::shared_ptr<CacheFolder::Arrival> CacheFolder::begin(const std::string& key,
                                                         const ObjectInfo& info) {
  CacheFileLabel label{
      .etag = info.etag, .key = label_key(key), .size = info.size, .modified = info.modified};
  if (info.size > settings_.capacity / 2) return nullptr;  // nor can the sum below overflow
  const std::uint64_t size = on_disk(cache_file_size(label));
  if (size > settings_.capacity / 2) return nullptr;
  std::shared_ptr<const FileDescriptor> folder;
  {
    const std::lock_guard lock(mutex_);
    if (!ready(true) || !make_room(size)) return nullptr;
    folder = folder_;
    arriving_ += size;
  }
  auto file = TemporaryFile::create(folder->get(), settings_.path.native());
  // Now, as later there would be readers to whom a full disk matters.
  auto reserved = file ? file->reserve(cache_file_size(label)) : Result<void>();
  if (!file || !reserved) {
    release(size);
    failed_to_write(file ? reserved.error() : file.error());
    return nullptr;
  }
  return std::make_shared<File>(shared_from_this(), std::move(folder), std::move(*file),
                                name_of(key), std::move(label));
}

void CacheFolder::keep(const std::string& key, const ObjectInfo& info, std::string_view bytes,
                       const std::function<bool()>& still_current) {
  const auto file = begin(key, info);
  if (file && file->append(bytes)) file->keep(still_current);
}

std::optional<CacheFolder::Found> CacheFolder::find(const std::string& key) {
  const std::string name = name_of(key);
  std::shared_ptr<const FileDescriptor> folder;
  Kept kept;
  {
    const std::lock_guard lock(mutex_);
    if (!ready(false)) return std::nullopt;
    const Kept* known = files_.use(name);
    if (known == nullptr) return std::nullopt;
    kept = *known;
    folder = folder_;
  }
  auto file = std::make_shared<const FileDescriptor>(
      ::openat(folder->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!*file || ::fstat(file->get(), &status) != 0) {
    const std::lock_guard lock(mutex_);
    files_.erase(name);
    return std::nullopt;
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  auto label = S_ISREG(status.st_mode) ? read_label(file->get(), size) : std::nullopt;
  if (!label || label->key != label_key(key) ||
      (!kept.checked && !is_undamaged(file->get(), size))) {
    remove_damaged(name);
    return std::nullopt;
  }
  if (!kept.checked || Clock::now() - kept.touched > kTouches) touch(name, file->get());
  return Found{.info = {.name = std::string(split_key(key).name),
                        .size = label->size,
                        .modified = label->modified,
                        .etag = std::move(label->etag)},
               .file = std::move(file)};
}

/// It is in order, and is being used.
void CacheFolder::touch(const std::string& name, int file) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_NOW},
                             {.tv_sec = 0, .tv_nsec = UTIME_NOW}};
  ::futimens(file, times);  // without it, it goes a little earlier after a restart
  const std::lock_guard lock(mutex_);
  if (Kept* kept = files_.use(name)) *kept = {.touched = Clock::now(), .checked = true};
}

void CacheFolder::remove_damaged(const std::string& name) {
  const std::lock_guard lock(mutex_);
  complain("A file of the package cache is damaged, and fetched anew", name);
  files_.erase(name);
  if (folder_) ::unlinkat(folder_->get(), name.c_str(), 0);
}

bool CacheFolder::holds(const std::string& key) {
  const std::string name = name_of(key);
  const std::lock_guard lock(mutex_);
  return files_.use(name) != nullptr;
}

void CacheFolder::drop(const std::string& key) {
  const std::string name = name_of(key);
  const std::lock_guard lock(mutex_);
  if (files_.erase(name) && folder_) ::unlinkat(folder_->get(), name.c_str(), 0);
}

}  // namespace chartmuseum::storage
