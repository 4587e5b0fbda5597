// SPDX-License-Identifier: Apache-2.0
#include "repository/repository.hpp"

#include "repository/index_writer.hpp"
#include "repository/inventory.hpp"
#include "repository/keyed_lock.hpp"
#include "repository/publication.hpp"
#include "repository/reconciler.hpp"
#include "repository/statefile_writer.hpp"
#include "repository/tenant.hpp"
#include "repository/uploads.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

/// The parts of a repository. They refer to each other; what is below may use what is above.
struct Repository::Parts {
  Parts(const Settings& settings, std::string name, std::shared_ptr<storage::ObjectStore> store,
        WorkerPool& workers, telemetry::Log log)
      : tenant(settings, std::move(name), std::move(store), workers, std::move(log)),
        locks(tenant.strand),
        statefile(tenant, publication),
        writer(tenant, publication, [this](bool changed) { published(changed); }),
        reconciler(tenant, publication, writer, locks, statefile),
        uploads(tenant, publication, writer, reconciler, locks) {}

  void published(bool changed) {
    if (changed) statefile.changed();
    const bool holds_objects = writer.inventory().count() > 0;
    if (on_occupied && holds_objects != occupied) on_occupied(holds_objects);
    occupied = holds_objects;
  }

  Tenant tenant;
  Publication publication;
  KeyedLock locks;
  StatefileWriter statefile;
  IndexWriter writer;
  Reconciler reconciler;
  Uploads uploads;
  std::function<void(bool)> on_occupied;
  bool occupied = false;
};

namespace {

// Before a comparison that is due has ended, it is not begun again within this.
constexpr std::chrono::seconds kRetry{1};

/// Runs a change to its end on the strand, also if whoever asked for it goes away.
template <class T>
Task<T> to_the_end(std::shared_ptr<Repository> /*alive*/, Task<T> task) {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  co_return co_await std::move(task);
}

Task<> compress(IndexPointer index) {
  index->compress_document();
  co_return;
}

/// Whether an object is a package or a provenance file, and none of our own.
bool is_for_everybody(const std::string& file_name) {
  return storage::valid_segment(file_name) && kind_of(file_name) != ObjectKind::other;
}

/// One worker compresses, however many ask; those who wait hold no thread. On the tenant's strand.
Task<std::shared_ptr<const Rope>> compressed(Tenant& tenant, KeyedLock& locks, IndexPointer index) {
  std::vector<std::string> key{"compress/"};  // no file name holds a "/"
  const KeyedLock::Guard guard = co_await locks.acquire(std::move(key));
  if (!index->compressed_document()) {
    Task<> compressing = compress(index);
    co_await tenant.outside(std::move(compressing));
  }
  co_return index->compressed_document();
}

}  // namespace

std::shared_ptr<Repository> Repository::make(const Settings& settings, std::string name,
                                             std::shared_ptr<storage::ObjectStore> store,
                                             WorkerPool& workers, telemetry::Log log) {
  auto repository = std::make_shared<Repository>(Key(), settings, std::move(name), std::move(store),
                                                 workers, std::move(log));
  repository->parts_->tenant.owner = repository;
  return repository;
}

Repository::Repository(Key /*key*/, const Settings& settings, std::string name,
                       std::shared_ptr<storage::ObjectStore> store, WorkerPool& workers,
                       telemetry::Log log)
    : parts_(std::make_unique<Parts>(settings, std::move(name), std::move(store), workers,
                                     std::move(log))) {}

Repository::~Repository() = default;

/// Whether the published index shows what is in the storage, as far as can be told without
/// listing it.
Task<bool> Repository::is_current() {
  Publication& publication = parts_->publication;
  const Settings& settings = parts_->tenant.settings;
  if (!publication.index()) co_return false;
  if (publication.failing()) co_return true;  // the last good one
  if (settings.always_regenerate) co_return false;

  if (const auto watch = publication.watch(); watch && watch->alive()) {
    if (!watch->up_to_date()) co_await watch->caught_up();
    if (!publication.settled() || !watch->alive()) co_return false;
    // The watch tells of everything; comparing now and then is for what nobody thought of, and no
    // reason to wait.
    if (publication.claim_due(
            std::max<std::chrono::nanoseconds>(settings.cache_interval, kRetry))) {
      boost::asio::post(parts_->tenant.strand,
                        [self = shared_from_this()] { self->parts_->reconciler.compare_soon(); });
    }
    co_return true;
  }
  if (!publication.settled()) co_return false;
  const auto stamp = co_await parts_->tenant.store->folder_stamp(parts_->tenant.name);
  if (!stamp) co_return false;
  // A storage that has neither is compared in the background, or else always.
  if (!*stamp) co_return settings.cache_interval.count() > 0;
  co_return *stamp == publication.stamp();
}

Task<Outcome<IndexPointer>> Repository::index() {
  const auto self = shared_from_this();
  if (co_await is_current()) co_return parts_->publication.index();

  const Publication& publication = parts_->publication;
  // What is noted can be looked at one by one; what only a stamp or the time tells of cannot.
  const auto watch = publication.watch();
  const bool full = parts_->tenant.settings.always_regenerate || !watch || !watch->alive();
  Task<Outcome<void>> catching_up = parts_->reconciler.catch_up(full);
  const Outcome<void> caught_up = co_await parts_->tenant.inside(std::move(catching_up));
  // The last good index is better than none, also where the storage fails.
  if (auto index = publication.index()) co_return index;
  if (!caught_up) co_return std::unexpected(caught_up.error());
  co_return std::unexpected(Refused{.kind = Refusal::unavailable, .detail = "no index yet"});
}

Task<std::shared_ptr<const Rope>> Repository::compressed_document(IndexPointer index) {
  const auto self = shared_from_this();
  if (auto document = index->compressed_document()) co_return document;
  Task<std::shared_ptr<const Rope>> compressing =
      compressed(parts_->tenant, parts_->locks, std::move(index));
  Task<std::shared_ptr<const Rope>> whole = to_the_end(self, std::move(compressing));
  co_return co_await parts_->tenant.inside(std::move(whole));
}

Task<Outcome<void>> Repository::push(Push push) {
  const auto self = shared_from_this();
  const Settings& settings = parts_->tenant.settings;
  if (auto refused = check_push(push, settings)) co_return std::unexpected(*std::move(refused));
  if (settings.max_storage_objects > 0 || settings.per_chart_limit > 0) {
    // Limits need to know what there is.
    const Outcome<IndexPointer> current = co_await index();
    if (!current) co_return std::unexpected(current.error());
  }
  Task<Outcome<void>> storing = parts_->uploads.store(std::move(push));
  Task<Outcome<void>> whole = to_the_end(self, std::move(storing));
  co_return co_await parts_->tenant.inside(std::move(whole));
}

Task<Outcome<void>> Repository::remove(std::string name, std::string version) {
  const auto self = shared_from_this();
  const Outcome<IndexPointer> current = co_await index();
  if (!current) co_return std::unexpected(current.error());
  Task<Outcome<void>> removing = parts_->uploads.remove(std::move(name), std::move(version));
  Task<Outcome<void>> whole = to_the_end(self, std::move(removing));
  co_return co_await parts_->tenant.inside(std::move(whole));
}

Task<Outcome<storage::OpenObject>> Repository::open(std::string file_name) {
  const auto self = shared_from_this();
  if (!is_for_everybody(file_name)) co_return std::unexpected(Refused{.kind = Refusal::absent});
  auto object = co_await parts_->tenant.store->open(parts_->tenant.key(file_name));
  if (!object) co_return refuse(std::move(object.error()), file_name);
  if (!*object) co_return std::unexpected(Refused{.kind = Refusal::absent});
  co_return **std::move(object);
}

Task<Outcome<std::optional<Repository::Download>>> Repository::download(
    std::string file_name, std::chrono::seconds valid) {
  const auto self = shared_from_this();
  if (!is_for_everybody(file_name)) co_return std::unexpected(Refused{.kind = Refusal::absent});
  storage::ObjectStore& store = *parts_->tenant.store;
  // Made first: it costs less than to ask the storage for the object, which may be in vain.
  auto url = co_await store.download_url(parts_->tenant.key(file_name), valid);
  if (!url) co_return refuse(std::move(url.error()), file_name);
  if (!*url) co_return std::nullopt;
  auto info = co_await store.stat(parts_->tenant.key(file_name));
  if (!info) co_return refuse(std::move(info.error()), file_name);
  if (!*info) co_return std::unexpected(Refused{.kind = Refusal::absent});
  co_return Download{**std::move(info), **std::move(url)};
}

Task<Outcome<std::string>> Repository::package_bytes(ChartVersionPointer version) {
  const auto self = shared_from_this();
  const std::string file_name(version->file_name);
  auto object = co_await parts_->tenant.store->get(parts_->tenant.key(file_name),
                                                   parts_->tenant.settings.max_package_size);
  if (!object) co_return refuse(std::move(object.error()), file_name);
  if (!*object) co_return std::unexpected(Refused{.kind = Refusal::absent});
  co_return std::move((*object)->bytes);
}

void Repository::on_occupied(std::function<void(bool)> on_change) {
  parts_->on_occupied = std::move(on_change);
}

void Repository::warm() {
  boost::asio::post(parts_->tenant.strand,
                    [self = shared_from_this()] { self->parts_->reconciler.compare_soon(); });
}

Task<> Repository::close() {
  const auto self = shared_from_this();
  const auto closing = [](Parts& parts) -> Task<> {
    parts.reconciler.stop();
    co_await parts.reconciler.stopped();
    co_await parts.statefile.close();
  };
  Task<> task = closing(*parts_);
  co_await boost::asio::co_spawn(parts_->tenant.strand, std::move(task),
                                 boost::asio::use_awaitable);
}

}  // namespace chartmuseum::repository
