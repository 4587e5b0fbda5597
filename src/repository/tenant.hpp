// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "base/worker_pool.hpp"
#include "repository/settings.hpp"
#include "storage/object_key.hpp"
#include "storage/object_store.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::repository {

/// What all parts of one repository share: its name, its folder, and its strand. Everything that
/// one repository does to its state runs on that strand of the workers, one step at a time, so
/// that the state needs no locks; what takes long runs outside of it (see outside()).
struct Tenant {
  using Strand = boost::asio::strand<WorkerPool::Executor>;

  Tenant(const Settings& all_settings, std::string repository,
         std::shared_ptr<storage::ObjectStore> objects, WorkerPool& pool, telemetry::Log sink)
      : settings(all_settings),
        name(std::move(repository)),
        store(std::move(objects)),
        workers(pool),
        log(std::move(sink)),
        strand(boost::asio::make_strand(pool.executor())) {}

  [[nodiscard]] std::string key(std::string_view file_name) const {
    return storage::join_key(name, file_name);
  }

  /// For coroutines on the strand: runs `task` on any worker and leaves the strand to others
  /// meanwhile. Whatever waits for the storage, or computes for long, goes through here.
  template <class T>
  Task<T> outside(Task<T> task) {
    co_return co_await boost::asio::co_spawn(workers.executor(), posted(std::move(task)),
                                             boost::asio::use_awaitable);
  }

  /// Begins through the queue: co_spawn alone would begin at once, since this thread, which is just
  /// running the strand, is a worker too, and the strand would have to wait.
  template <class T>
  static Task<T> posted(Task<T> task) {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                               boost::asio::use_awaitable);
    co_return co_await std::move(task);
  }

  /// For coroutines anywhere: runs `task` on the strand.
  template <class T>
  Task<T> inside(Task<T> task) {
    co_return co_await boost::asio::co_spawn(strand, std::move(task), boost::asio::use_awaitable);
  }

  /// For coroutines that nobody waits for: keeps the repository, of which this is a part, alive.
  [[nodiscard]] std::shared_ptr<void> hold() const { return owner.lock(); }

  const Settings settings;
  const std::string name;
  const std::shared_ptr<storage::ObjectStore> store;
  WorkerPool& workers;
  const telemetry::Log log;
  Strand strand;
  std::weak_ptr<void> owner;  // set once, before anything runs
};

}  // namespace chartmuseum::repository
