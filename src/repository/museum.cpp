// SPDX-License-Identifier: Apache-2.0
#include "repository/museum.hpp"

#include "repository/task_group.hpp"
#include "repository/tenant.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

namespace {

// Bounded, so that a thousand tenants do not hold a thousand index documents at once.
constexpr std::size_t kClosedAtOnce = 8;

Task<> close_one(std::shared_ptr<Repository> repository) {
  co_await repository->close();
}

Task<> close_all(Tenant::Strand strand, std::vector<std::shared_ptr<Repository>> repositories) {
  TaskGroup closing(strand, kClosedAtOnce);
  for (std::shared_ptr<Repository>& repository : repositories) {
    co_await closing.start(close_one(std::move(repository)));
  }
  co_await closing.finish();
}

}  // namespace

class Museum::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(Settings settings, std::shared_ptr<storage::ObjectStore> store,
                 WorkerPool& workers, telemetry::Log log)
      : settings_(std::move(settings)),
        store_(std::move(store)),
        workers_(workers),
        log_(std::move(log)) {}

  std::shared_ptr<Repository> repository(const std::string& name) {
    const std::lock_guard lock(mutex_);
    Place& place = places_[name];
    if (auto open = place.repository.lock()) return open;
    auto opened = Repository::make(settings_, name, store_, workers_, log_);
    opened->on_occupied([museum = weak_from_this(), name](bool occupied) {
      if (const auto open = museum.lock()) open->keep(name, occupied);
    });
    place.repository = opened;
    sweep();
    return opened;
  }

  Task<> close() {
    const auto strand = boost::asio::make_strand(workers_.executor());
    Task<> closing = close_all(strand, all());
    co_await boost::asio::co_spawn(strand, std::move(closing), boost::asio::use_awaitable);
  }

  void release_all() {
    std::map<std::string, Place> released;
    const std::lock_guard lock(mutex_);
    released.swap(places_);
  }

 private:
  [[nodiscard]] std::vector<std::shared_ptr<Repository>> all() {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Repository>> open;
    for (const auto& [name, place] : places_) {
      if (auto repository = place.repository.lock()) open.push_back(std::move(repository));
    }
    return open;
  }

  struct Place {
    /// As long as somebody uses it or it works in the background, and
    std::weak_ptr<Repository> repository;
    /// as long as there is something in its folder.
    std::shared_ptr<Repository> kept;
  };

  void keep(const std::string& name, bool occupied) {
    std::shared_ptr<Repository> dropped;  // after the lock
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(name);
    if (place == places_.end()) return;
    dropped =
        std::exchange(place->second.kept, occupied ? place->second.repository.lock() : nullptr);
  }

  /// Forgets names whose repositories are gone: each time that there are twice as many as were
  /// left the last time.
  void sweep() {
    if (places_.size() < sweep_at_) return;
    std::erase_if(places_, [](const auto& entry) { return entry.second.repository.expired(); });
    sweep_at_ = std::max<std::size_t>(64, 2 * places_.size());
  }

  const Settings settings_;
  const std::shared_ptr<storage::ObjectStore> store_;
  WorkerPool& workers_;
  const telemetry::Log log_;

  std::mutex mutex_;
  std::map<std::string, Place> places_;
  std::size_t sweep_at_ = 64;
};

Museum::Museum(Settings settings, std::shared_ptr<storage::ObjectStore> store, WorkerPool& workers,
               telemetry::Log log)
    : implementation_(std::make_shared<Implementation>(std::move(settings), std::move(store),
                                                       workers, std::move(log))) {}

Museum::~Museum() {
  implementation_->release_all();
}

std::shared_ptr<Repository> Museum::repository(const std::string& name) {
  return implementation_->repository(name);
}

void Museum::warm(const std::string& name) {
  implementation_->repository(name)->warm();
}

Task<> Museum::close() {
  co_await implementation_->close();
}

}  // namespace chartmuseum::repository
