// SPDX-License-Identifier: Apache-2.0
#include "repository/reconciler.hpp"

#include "repository/retimed_entries.hpp"
#include "repository/statefile_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <span>
#include <utility>

namespace chartmuseum::repository {

namespace {

using storage::ObjectInfo;
using storage::Result;

// How many changes may gather before they are put into the lists, which frees their texts' copies.
constexpr std::size_t kAbsorbEvery = 1024;

Task<Result<std::vector<ObjectInfo>>> list_folder(const Tenant& tenant) {
  co_return co_await tenant.store->list(tenant.name);
}

Task<Result<std::optional<std::string>>> stamp_folder(const Tenant& tenant) {
  co_return co_await tenant.store->folder_stamp(tenant.name);
}

Task<std::shared_ptr<storage::FolderWatch>> start_watch(const Tenant& tenant,
                                                        storage::ObjectStore::OnChange on_change) {
  co_return tenant.store->watch(tenant.name, std::move(on_change));
}

}  // namespace

Reconciler::Reconciler(Tenant& tenant, Publication& publication, IndexWriter& writer,
                       KeyedLock& locks, StatefileWriter& statefile)
    : tenant_(tenant),
      publication_(publication),
      writer_(writer),
      locks_(locks),
      statefile_(statefile),
      reader_(tenant, writer, locks, touched_),
      outage_(tenant),
      progress_(tenant.strand),
      comparing_again_(tenant.strand),
      reading_again_(tenant.strand) {}

void Reconciler::note(const storage::FolderChange& change) {
  ++changes_noted_;
  full_ = full_ || change.everything;
  for (const std::string& name : change.names) {
    if (kind_of(name) == ObjectKind::other) continue;
    (changing_.contains(name) ? put_off_ : noted_).insert(name);
  }
  ++requested_;
  // A folder that tells of a change of everything may be the storage coming back.
  if (change.everything) waits_for_storage_ = false;
  start();
  progress_.notify();
}

void Reconciler::begin_change(const std::vector<std::string>& file_names) {
  changing_.insert(file_names.begin(), file_names.end());
  if (listing_) touched_.insert(file_names.begin(), file_names.end());
}

void Reconciler::end_change(const std::vector<std::string>& file_names) {
  if (listing_) touched_.insert(file_names.begin(), file_names.end());
  storage::FolderChange put_off{.names = {}, .everything = false};
  for (const std::string& name : file_names) {
    changing_.erase(changing_.find(name));
    if (!changing_.contains(name) && put_off_.erase(name) > 0) put_off.names.push_back(name);
  }
  if (put_off.names.empty()) return;
  publication_.note_change();
  note(put_off);
}

void Reconciler::compare_soon() {
  full_ = true;
  ++requested_;
  start();
}

Task<Outcome<void>> Reconciler::catch_up(bool full) {
  if (outage_.reason() && !answers_again_) co_return std::unexpected(*outage_.reason());
  const auto deadline = StrandSignal::Clock::now() + tenant_.settings.index_wait;
  // What the watch has told of may still be on its way to the strand.
  const std::uint64_t told = publication_.changes();
  while (changes_noted_ < told && !stopping_ && StrandSignal::Clock::now() < deadline) {
    co_await progress_.wait(deadline);
  }
  if (!first_is_under_way()) {
    if (full || !writer_.complete()) full_ = true;
    if (full_ || !noted_.empty()) ++requested_;
  }
  const std::uint64_t mine = first_is_under_way() ? under_way_ : requested_;
  start();
  while (completed_ < mine) {
    if (waits_for_storage_) co_return std::unexpected(*outage_.reason());
    if (stopping_ || StrandSignal::Clock::now() >= deadline) {
      co_return std::unexpected(
          Refused{.kind = Refusal::unavailable, .detail = "the index is still being built"});
    }
    co_await progress_.wait(deadline);
  }
  co_return last_;
}

/// Whether the first index is being built, and who asks for it now need not see anything newer:
/// of a folder that nothing watches, the next list would not be made before the interval is over.
bool Reconciler::first_is_under_way() const {
  return running_ && blind_ && !writer_.complete() && !tenant_.settings.always_regenerate &&
         tenant_.settings.cache_interval.count() > 0;
}

void Reconciler::start() {
  if (running_ || stopping_ || waits_for_storage_ || completed_ == requested_) return;
  running_ = true;
  boost::asio::co_spawn(tenant_.strand, run(tenant_.hold()), boost::asio::detached);
}

/// Not left to the next reader, who would be shown an index that lacks what can be had by then.
void Reconciler::read_again_later() {
  if (reader_.unread().empty()) read_again_failures_ = 0;
  if (reader_.unread().empty() || reads_again_ || stopping_) return;
  reads_again_ = true;
  // A comparison asks for them too, and some may be unreadable for good.
  const Settings& settings = tenant_.settings;
  const auto last =
      blind_ ? std::max(settings.last_retry, settings.cache_interval) : settings.last_retry;
  reading_again_.expires_after(retry_delay(++read_again_failures_, settings.first_retry, last));
  reading_again_.async_wait([this, owner = tenant_.owner](boost::system::error_code ended) {
    const std::shared_ptr<void> alive = owner.lock();
    if (ended || !alive) return;
    reads_again_ = false;
    noted_.insert(reader_.unread().begin(), reader_.unread().end());
    ++requested_;
    start();
  });
}

void Reconciler::compare_after(std::chrono::nanoseconds delay) {
  comparing_again_.expires_after(delay);
  comparing_again_.async_wait([this, owner = tenant_.owner](boost::system::error_code ended) {
    const std::shared_ptr<void> alive = owner.lock();
    if (ended || !alive) return;
    waits_for_storage_ = false;
    compare_soon();
  });
}

void Reconciler::stop() {
  stopping_ = true;
  reader_.stop();
  reading_again_.cancel();
  comparing_again_.cancel();
  progress_.notify();
}

Task<> Reconciler::stopped() {
  while (running_) co_await progress_.wait();
}

Task<> Reconciler::run(std::shared_ptr<void> /*alive*/) {
  while (completed_ < requested_ && !stopping_ && !waits_for_storage_) {
    const std::uint64_t mine = under_way_ = requested_;
    const std::uint64_t changes = changes_noted_;
    const bool full = std::exchange(full_, false) || !writer_.complete();
    std::string thrown;
    try {
      Task<Outcome<void>> reconciling = reconcile(full, std::exchange(noted_, {}));
      last_ = co_await std::move(reconciling);
    } catch (const std::exception& error) {
      thrown = error.what();
    }
    if (!thrown.empty()) {
      last_ = std::unexpected(Refused{.kind = Refusal::unavailable, .detail = thrown});
    }
    end_run(full);
    publication_.settle(changes);
    completed_ = mine;
    progress_.notify();
  }
  running_ = false;
  progress_.notify();
}

void Reconciler::end_run(bool full) {
  read_again_later();
  if (stopping_) return;
  answers_again_ = false;
  publication_.set_failing(!last_);
  if (!last_) {
    outage_.failed(last_.error());
    waits_for_storage_ = true;
    publication_.set_due(StrandSignal::Clock::time_point::max());
    compare_after(outage_.retry_after());
    return;
  }
  outage_.ended();
  if (!full) return;
  // What a watch tells of needs no comparisons but those that somebody notices to be due.
  const auto interval = tenant_.settings.cache_interval;
  const auto watch = publication_.watch();
  const bool watched = watch && watch->alive();
  publication_.set_due(interval.count() > 0 && watched ? StrandSignal::Clock::now() + interval
                                                       : StrandSignal::Clock::time_point::max());
  comparing_again_.cancel();
  if (interval.count() > 0 && !watched && !tenant_.settings.always_regenerate) {
    compare_after(interval);
  }
}

Task<Outcome<void>> Reconciler::reconcile(bool full, std::set<std::string> names) {
  if (full) {
    Task<Outcome<void>> comparing = compare(std::move(names));
    Outcome<void> compared = co_await std::move(comparing);
    listing_ = false;
    touched_.clear();
    if (!compared || stopping_) co_return compared;
    writer_.set_complete();
  } else {
    std::vector<Question> questions;
    questions.reserve(names.size());
    for (const std::string& name : names) questions.push_back({name, std::nullopt, std::nullopt});
    Task<Outcome<void>> reading = reader_.read(std::move(questions), false);
    Outcome<void> read = co_await std::move(reading);
    if (!read) co_return read;
  }
  if (stopping_) co_return Outcome<void>();
  const bool first = !publication_.index();
  co_await writer_.publish();
  // What a restart has from the statefile need not be written there again.
  if (first && restored_ > 0 && reader_.packages() == 0) statefile_.set_current();
  co_return Outcome<void>();
}

Task<Outcome<void>> Reconciler::compare(std::set<std::string> names) {
  co_await watch_folder();
  std::optional<std::string> stamp;
  if (!publication_.watch()) {
    Task<Result<std::optional<std::string>>> stamping = stamp_folder(tenant_);
    auto stamped = co_await tenant_.outside(std::move(stamping));
    if (!stamped) co_return refuse(std::move(stamped.error()));
    stamp = *std::move(stamped);
  }
  blind_ = !publication_.watch() && !stamp;

  listing_ = true;
  Task<Result<std::vector<ObjectInfo>>> listing_task = list_folder(tenant_);
  auto listing = co_await tenant_.outside(std::move(listing_task));
  if (!listing) co_return refuse(std::move(listing.error()));
  publication_.set_stamp(std::move(stamp));

  answers_again_ = outage_.reason().has_value();

  Task<std::vector<Question>> asking = questions_of(*std::move(listing));
  std::vector<Question> questions = co_await std::move(asking);
  for (const std::string& name : names) questions.push_back({name, std::nullopt, std::nullopt});
  std::ranges::sort(questions, {}, &Question::file_name);
  const auto repeated = std::ranges::unique(questions, {}, &Question::file_name);
  questions.erase(repeated.begin(), repeated.end());
  Task<Outcome<void>> reading = reader_.read(std::move(questions), true);
  Outcome<void> read = co_await std::move(reading);
  if (!read || reader_.failures() == 0 || writer_.complete()) co_return read;
  Task<Outcome<void>> checking = check_first();
  co_return co_await std::move(checking);
}

/// The first index would lack charts. If the storage is out of order, it is better to say so
/// than to show that; if it can be listed and some objects can be had, only the others are out of
/// order, and nobody must wait for them.
Task<Outcome<void>> Reconciler::check_first() {
  if (reader_.answered() == reader_.failures() && restored_ == 0) {
    Refused refused = reader_.last_failure();
    refused.detail = "not one object can be read: " + refused.detail;
    co_return std::unexpected(std::move(refused));
  }
  Task<Result<std::vector<ObjectInfo>>> again_task = list_folder(tenant_);
  auto again = co_await tenant_.outside(std::move(again_task));
  if (!again) co_return refuse(std::move(again.error()));
  co_return Outcome<void>();
}

Task<> Reconciler::watch_folder() {
  if (!tenant_.settings.watch) co_return;
  const auto current = publication_.watch();
  if (current && current->alive()) co_return;
  publication_.set_watch(nullptr);
  // The store calls back on a thread of its own: only to note that there is something, and to
  // hand it over to the strand.
  const auto on_change = [this, owner = tenant_.owner,
                          strand = tenant_.strand](storage::FolderChange change) {
    const std::shared_ptr<void> alive = owner.lock();
    if (!alive) return;
    publication_.note_change();
    boost::asio::post(strand, [this, alive, change = std::move(change)] { note(change); });
  };
  Task<std::shared_ptr<storage::FolderWatch>> starting = start_watch(tenant_, on_change);
  std::shared_ptr<storage::FolderWatch> watch = co_await tenant_.outside(std::move(starting));
  publication_.set_watch(std::move(watch));
}

bool Reconciler::being_changed(const std::string& file_name) const {
  return locks_.held(file_name) || touched_.contains(file_name);
}

Task<std::vector<Question>> Reconciler::questions_of(std::vector<ObjectInfo> listing) {
  std::ranges::sort(listing, {}, &ObjectInfo::name);
  Inventory::Difference difference = writer_.inventory().compare(listing);

  std::vector<bool> done(listing.size(), false);
  if (!writer_.complete() && !statefile_read_ && tenant_.settings.statefiles &&
      std::ranges::binary_search(listing, kStatefileName, {}, &ObjectInfo::name)) {
    statefile_read_ = true;  // whatever comes of it: it is advice
    co_await restore_from_statefile(listing, done);
  }

  std::vector<ObjectInfo> retimed;
  for (const std::size_t position : difference.retimed) retimed.push_back(listing[position]);
  if (!retimed.empty()) co_await take_times(std::move(retimed));

  std::vector<Question> questions;
  for (const std::size_t position : difference.changed) {
    ObjectInfo& object = listing[position];
    if (done[position]) continue;
    if (kind_of(object.name) == ObjectKind::provenance && !being_changed(object.name)) {
      writer_.inventory().put_provenance(object);  // its name is all that matters
      continue;
    }
    Question& question = questions.emplace_back();
    question.file_name = object.name;
    question.listed = std::move(object);
  }
  for (std::string& name : difference.gone) {
    questions.push_back({std::move(name), std::nullopt, std::nullopt});
  }
  co_return questions;
}

Task<> Reconciler::restore_from_statefile(const std::vector<ObjectInfo>& listing,
                                          std::vector<bool>& done) {
  const auto on_entries = [this, &listing, &done](std::vector<RestoredEntry> restored) {
    for (RestoredEntry& each : restored) {
      const ObjectInfo& object = listing[each.position];
      if (done[each.position] || being_changed(object.name) ||
          writer_.inventory().contains(object.name)) {
        continue;
      }
      writer_.inventory().put_package(object, std::move(each.entry), writer_.entries());
      done[each.position] = true;
      ++restored_;
    }
    if (writer_.inventory().changes() >= kAbsorbEvery) writer_.absorb();
  };
  co_await read_statefile(tenant_, listing, on_entries);
}

Task<> Reconciler::take_times(std::vector<ObjectInfo> retimed) {
  Inventory& inventory = writer_.inventory();
  std::vector<RetimedEntry> entries;
  for (ObjectInfo& object : retimed) {
    std::optional<RenderedEntry> entry = inventory.entry_in(object.name, writer_.entries());
    if (!entry || being_changed(object.name)) continue;
    entries.push_back({.object = std::move(object),
                       .version = std::move(entry->version),
                       .json = std::move(entry->json.body)});
  }
  const std::vector<RetimedEntry> asked = entries;
  Task<std::vector<std::optional<RenderedEntry>>> rendering =
      render_again(tenant_, std::move(entries));
  std::vector<std::optional<RenderedEntry>> rendered =
      co_await tenant_.outside(std::move(rendering));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const ObjectInfo& object = asked[i].object;
    if (!rendered[i] || being_changed(object.name) ||
        inventory.version_in(object.name) != asked[i].version) {
      continue;
    }
    inventory.put_package(object, *std::move(rendered[i]), writer_.entries());
  }
}

}  // namespace chartmuseum::repository
