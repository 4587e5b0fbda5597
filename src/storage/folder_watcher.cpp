// SPDX-License-Identifier: Apache-2.0
#include "storage/folder_watcher.hpp"

#include "base/file_descriptor.hpp"
#include "storage/watched_folders.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

namespace {

/// One who wants to be told. The mutex is held while it is, so that its end can wait for that; it
/// is recursive because the callback itself may end the watch.
struct Subscriber {
  std::recursive_mutex mutex;
  bool ended = false;
  ObjectStore::OnChange on_change;
  std::atomic<bool> alive = true;
};

}  // namespace

class FolderWatcher::Implementation {
 public:
  Implementation(telemetry::Log log, std::size_t quiet) : log_(std::move(log)), quiet_(quiet) {}

  ~Implementation() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    while (::write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
  }

  std::unique_ptr<FolderWatch> watch(const std::string& path, ObjectStore::OnChange on_change);

 private:
  class Watch;

  /// With the first watch, and again with the next one if that failed.
  int start() {
    if (thread_.joinable()) return 0;
    inotify_ = FileDescriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify_) return errno;
    stop_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
    if (!stop_) return errno;
    folders_.emplace(inotify_.get(), quiet_);
    thread_ = std::thread([this] { run(); });
    return 0;
  }

  void remove(const std::shared_ptr<Subscriber>& subscriber, WatchedFolder* folder) {
    {
      const std::lock_guard lock(mutex_);
      std::erase(subscribers_[folder], subscriber);
      if (subscribers_[folder].empty()) subscribers_.erase(folder);
      folders_->remove(folder);
    }
    const std::lock_guard lock(subscriber->mutex);
    subscriber->ended = true;
  }

  /// The kernel queues an event before the system call that caused it returns. Assume that one
  /// was queued before this call, and that this returns true. The queue is empty, so the thread
  /// has read the event. It had set `busy_` before it read, and clears it only once all that it
  /// has read is delivered. The queue's lock in the kernel orders our look at the queue after
  /// that read, and our load of `busy_` comes after our look: it would see `busy_` set, unless
  /// the event has been delivered. The order of the two matters.
  [[nodiscard]] bool up_to_date() const { return queued() == 0 && !busy_.load(); }

  /// How far the queue reaches now; delivered() of that number is up to date with this moment.
  [[nodiscard]] std::uint64_t position() {
    const std::lock_guard lock(reading_);
    return read_ + queued();
  }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_.load(); }

  [[nodiscard]] std::uint64_t queued() const {
    int bytes = 0;
    if (::ioctl(inotify_.get(), FIONREAD, &bytes) != 0) return 1;  // cannot be: not up to date
    return static_cast<std::uint64_t>(bytes);
  }

  void run() {
    std::array<pollfd, 2> waited_for{{{inotify_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    while (true) {
      if (::poll(waited_for.data(), waited_for.size(), -1) < 0) continue;  // EINTR
      if (waited_for[1].revents != 0) return;
      busy_.store(true);
      while (read_and_deliver()) {
      }
      busy_.store(false);
    }
  }

  /// False once the queue is empty.
  bool read_and_deliver() {
    ssize_t size = 0;
    {
      const std::lock_guard lock(reading_);
      size = ::read(inotify_.get(), buffer_.data(), buffer_.size());
      if (size > 0) read_ += static_cast<std::uint64_t>(size);
    }
    if (size <= 0) return size < 0 && errno == EINTR;
    for (auto& [subscriber, change] : interpret(static_cast<std::size_t>(size))) {
      deliver(*subscriber, std::move(change));
    }
    delivered_.store(read_);  // only this thread changes read_
    return true;
  }

  std::vector<std::pair<std::shared_ptr<Subscriber>, FolderChange>> interpret(std::size_t size) {
    const std::lock_guard lock(mutex_);
    for (std::size_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer_.data() + at, sizeof event);
      const char* name = buffer_.data() + at + sizeof event;  // padded with NULs
      folders_->take(event, std::string_view(name, ::strnlen(name, event.len)));
      at += sizeof event + event.len;
    }
    std::vector<std::pair<std::shared_ptr<Subscriber>, FolderChange>> deliveries;
    for (auto& [folder, change] : folders_->settle()) {
      if (folder->lost) explain(ENOSPC, folder->path);
      for (const auto& subscriber : subscribers_[folder]) {
        if (!subscriber->alive) continue;
        if (folder->lost) subscriber->alive = false;
        deliveries.emplace_back(subscriber, change);
      }
    }
    return deliveries;
  }

  void deliver(Subscriber& subscriber, FolderChange change) {
    const std::lock_guard lock(subscriber.mutex);
    if (subscriber.ended) return;
    try {
      subscriber.on_change(std::move(change));
    } catch (const std::exception& thrown) {
      log_.error("A change in the storage could not be handled", {{"error", thrown.what()}});
    }
  }

  /// One line, until a watch succeeds again: thousands of folders would say the same.
  void explain(int error, const std::string& path) {
    if (error == ENOENT || error == ENOTDIR || error == ELOOP) return;
    if (explained_) return;
    explained_ = true;
    const std::string reason = std::generic_category().message(error);
    const char* remedy = error == ENOSPC   ? "raise the sysctl fs.inotify.max_user_watches"
                         : error == EMFILE ? "raise the sysctl fs.inotify.max_user_instances"
                                           : "check the folder's permissions";
    log_.warn("A storage folder cannot be watched; its changes are seen by its time stamp",
              {{"folder", path}, {"error", reason}, {"remedy", remedy}});
  }

  telemetry::Log log_;
  std::size_t quiet_;
  FileDescriptor inotify_;
  FileDescriptor stop_;

  std::mutex mutex_;  // never held while a callback runs
  std::optional<WatchedFolders> folders_;
  std::unordered_map<WatchedFolder*, std::vector<std::shared_ptr<Subscriber>>> subscribers_;
  bool explained_ = false;

  std::mutex reading_;
  std::uint64_t read_ = 0;  // bytes taken from the queue so far
  std::atomic<std::uint64_t> delivered_ = 0;
  std::atomic<bool> busy_ = false;
  std::array<char, 65'536> buffer_{};

  std::thread thread_;
};

/// One watch, as its caller holds it.
class FolderWatcher::Implementation::Watch final : public FolderWatch {
 public:
  Watch(Implementation& watcher, std::shared_ptr<Subscriber> subscriber, WatchedFolder* folder)
      : watcher_(watcher), subscriber_(std::move(subscriber)), folder_(folder) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() override { watcher_.remove(subscriber_, folder_); }

  [[nodiscard]] bool up_to_date() const override { return alive() && watcher_.up_to_date(); }
  [[nodiscard]] bool alive() const override { return subscriber_->alive; }

  Task<> caught_up() override {
    if (watcher_.up_to_date()) co_return;
    const std::uint64_t now = watcher_.position();
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (alive() && watcher_.delivered() < now) {
      timer.expires_after(std::chrono::microseconds(200));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }

 private:
  Implementation& watcher_;
  std::shared_ptr<Subscriber> subscriber_;
  WatchedFolder* folder_;
};

std::unique_ptr<FolderWatch> FolderWatcher::Implementation::watch(const std::string& path,
                                                                  ObjectStore::OnChange on_change) {
  const std::lock_guard lock(mutex_);
  WatchedFolder* folder = nullptr;
  int error = start();
  if (error == 0) error = folders_->add(path, &folder);
  if (error != 0) {
    explain(error, path);
    return nullptr;
  }
  explained_ = false;
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->on_change = std::move(on_change);
  subscribers_[folder].push_back(subscriber);
  return std::make_unique<Watch>(*this, std::move(subscriber), folder);
}

FolderWatcher::FolderWatcher(const std::string& root, telemetry::Log log)
    : implementation_(std::make_unique<Implementation>(std::move(log), root.size())) {}

FolderWatcher::~FolderWatcher() = default;

std::unique_ptr<FolderWatch> FolderWatcher::watch(const std::string& path,
                                                  ObjectStore::OnChange on_change) {
  return implementation_->watch(path, std::move(on_change));
}

}  // namespace chartmuseum::storage
