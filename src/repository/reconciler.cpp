// SPDX-License-Identifier: Apache-2.0
#include "repository/reconciler.hpp"

#include "repository/statefile_reader.hpp"
#include "repository/task_group.hpp"

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

using std::chrono::seconds;
using storage::ObjectInfo;
using storage::Result;

constexpr seconds kReportEvery{5};
// After a failure of the storage: when it is asked again. The last good index is served until then.
constexpr seconds kRetryFolder{1};
constexpr seconds kFirstRetryOfObjects{1};
constexpr seconds kLastRetryOfObjects{32};
// How many changes may gather before they are put into the lists, which frees their texts' copies.
constexpr std::size_t kAbsorbEvery = 1024;
// How many objects a worker looks at before it comes back: enough to make the way there cheap.
constexpr std::size_t kMostAtOnce = 16;

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
      progress_(tenant.strand),
      reading_again_(tenant.strand) {}

void Reconciler::note(const storage::FolderChange& change) {
  ++changes_noted_;
  full_ = full_ || change.everything;
  for (const std::string& name : change.names) {
    if (kind_of(name) == ObjectKind::other) continue;
    (changing_.contains(name) ? put_off_ : noted_).insert(name);
  }
  ++requested_;
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
  const auto deadline = StrandSignal::Clock::now() + tenant_.settings.index_wait;
  // What the watch has told of may still be on its way to the strand.
  const std::uint64_t told = publication_.changes();
  while (changes_noted_ < told && !stopping_ && StrandSignal::Clock::now() < deadline) {
    co_await progress_.wait(deadline);
  }
  if (full || !writer_.complete()) full_ = true;
  if (full_ || !noted_.empty()) ++requested_;
  const std::uint64_t mine = requested_;
  start();
  while (completed_ < mine) {
    if (stopping_ || StrandSignal::Clock::now() >= deadline) {
      co_return std::unexpected(
          Refused{.kind = Refusal::unavailable, .detail = "the index is still being built"});
    }
    co_await progress_.wait(deadline);
  }
  co_return last_;
}

void Reconciler::start() {
  if (running_ || stopping_ || completed_ == requested_) return;
  running_ = true;
  boost::asio::co_spawn(tenant_.strand, run(tenant_.hold()), boost::asio::detached);
}

/// Not left to the next reader, who would be shown an index that lacks what can be had by then.
void Reconciler::read_again_later() {
  if (unread_.empty()) read_again_after_ = seconds{0};
  if (unread_.empty() || reads_again_ || stopping_) return;
  reads_again_ = true;
  read_again_after_ = std::clamp(2 * read_again_after_, kFirstRetryOfObjects, kLastRetryOfObjects);
  reading_again_.expires_after(read_again_after_);
  reading_again_.async_wait([this, owner = tenant_.owner](boost::system::error_code ended) {
    const std::shared_ptr<void> alive = owner.lock();
    if (ended || !alive) return;
    reads_again_ = false;
    noted_.insert(unread_.begin(), unread_.end());
    ++requested_;
    start();
  });
}

void Reconciler::stop() {
  stopping_ = true;
  reading_again_.cancel();
}

Task<> Reconciler::stopped() {
  while (running_) co_await progress_.wait();
}

Task<> Reconciler::run(std::shared_ptr<void> /*alive*/) {
  while (completed_ < requested_ && !stopping_) {
    const std::uint64_t mine = requested_;
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
    if (!last_) {
      tenant_.log.error("Storage could not be read", {{"repo", std::string_view(tenant_.name)},
                                                      {"error", last_.error().detail}});
      publication_.set_retry_at(StrandSignal::Clock::now() + kRetryFolder);
      publication_.set_due(StrandSignal::Clock::now() + kRetryFolder);
    }
    read_again_later();
    publication_.settle(changes);
    completed_ = mine;
    progress_.notify();
  }
  running_ = false;
  progress_.notify();
}

Task<Outcome<void>> Reconciler::reconcile(bool full, std::set<std::string> names) {
  failures_ = 0;
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
    co_await answer_all(std::move(questions));
  }
  if (stopping_) co_return Outcome<void>();
  const bool first = !publication_.index();
  co_await writer_.publish();
  // What a restart has from the statefile need not be written there again.
  if (first && restored_ > 0 && read_ == 0) statefile_.set_current();
  if (full) {
    const auto interval = tenant_.settings.cache_interval;
    publication_.set_due(interval.count() > 0 ? StrandSignal::Clock::now() + interval
                                              : StrandSignal::Clock::time_point::max());
  }
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

  listing_ = true;
  Task<Result<std::vector<ObjectInfo>>> listing_task = list_folder(tenant_);
  auto listing = co_await tenant_.outside(std::move(listing_task));
  if (!listing) co_return refuse(std::move(listing.error()));
  publication_.set_stamp(std::move(stamp));

  Task<std::vector<Question>> asking = questions_of(*std::move(listing));
  std::vector<Question> questions = co_await std::move(asking);
  for (const std::string& name : names) questions.push_back({name, std::nullopt, std::nullopt});
  const bool any_asked = !questions.empty();
  const bool all_answered = co_await answer_all(std::move(questions));
  if (all_answered || writer_.complete()) co_return Outcome<void>();

  // The first index would lack charts. If the storage is out of order, it is better to say so
  // than to show that; if it can be listed and some objects can be had, only the others are out of
  // order, and nobody must wait for them.
  if (any_asked && answered_ == failures_ && restored_ == 0) {
    co_return std::unexpected(
        Refused{.kind = Refusal::unavailable, .detail = "not one object can be read"});
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

std::size_t Reconciler::parallel() const {
  const std::size_t wanted = tenant_.settings.parallel_fetches;
  return wanted > 0 ? wanted : tenant_.workers.threads();
}

Task<bool> Reconciler::answer_all(std::vector<Question> questions) {
  std::ranges::sort(questions, {}, &Question::file_name);
  const auto repeated = std::ranges::unique(questions, {}, &Question::file_name);
  questions.erase(repeated.begin(), repeated.end());

  answered_ = 0;
  next_report_ = StrandSignal::Clock::now() + kReportEvery;
  const std::size_t all = questions.size();
  const std::size_t at_once = std::clamp<std::size_t>(all / (4 * parallel()), 1, kMostAtOnce);
  TaskGroup group(tenant_.strand, parallel());
  for (std::size_t begin = 0; begin < all && !stopping_; begin += at_once) {
    const std::size_t end = std::min(all, begin + at_once);
    std::vector<Question> some;
    some.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      some.push_back(std::move(questions[i]));
    }
    co_await group.start(answer(std::move(some)));
    report_progress(answered_, all);
  }
  co_await group.finish();
  co_return failures_ == 0;
}

Task<> Reconciler::answer(std::vector<Question> questions) {
  std::vector<std::string> names;
  names.reserve(questions.size());
  for (const Question& question : questions) names.push_back(question.file_name);
  const KeyedLock::Guard guard = co_await locks_.acquire(std::move(names));

  for (Question& question : questions) {
    question.known = writer_.inventory().seen(question.file_name);
    // While this waited for the lock, a push may have made the listing a thing of the past.
    if (touched_.contains(question.file_name)) question.listed.reset();
  }
  const std::size_t count = questions.size();
  answered_ += count;
  if (!listing_) {
    Task<std::vector<Question>> dropping = drop_unchanged(std::move(questions));
    questions = co_await std::move(dropping);
    if (questions.empty()) co_return;
  }
  Task<std::vector<Finding>> examining = examine(tenant_, std::move(questions));
  std::vector<Finding> findings = co_await tenant_.outside(std::move(examining));
  for (Finding& finding : findings) enter(std::move(finding));
  if (writer_.inventory().changes() >= kAbsorbEvery) writer_.absorb();
}

/// Most of what a watch tells of was done by this server, and is known: one look says so, without
/// a way to another thread and back.
Task<std::vector<Question>> Reconciler::drop_unchanged(std::vector<Question> questions) {
  std::vector<Question> rest;
  for (Question& question : questions) {
    if (question.known) {
      auto found = co_await tenant_.store->stat(tenant_.key(question.file_name));
      if (found && *found && question.known->same_content(**found)) {
        unread_.erase(question.file_name);
        continue;
      }
    }
    rest.push_back(std::move(question));
  }
  co_return rest;
}

void Reconciler::enter(Finding finding) {
  const std::string name = std::move(finding.file_name);
  Inventory& inventory = writer_.inventory();
  if (finding.kind != Finding::Kind::failed) unread_.erase(name);
  switch (finding.kind) {
    case Finding::Kind::unchanged:
      return;
    case Finding::Kind::gone:
      inventory.remove(name);
      return;
    case Finding::Kind::provenance:
      inventory.put_provenance(finding.info);
      return;
    case Finding::Kind::broken:
      inventory.put_broken(finding.info);
      tenant_.log.warn("Invalid package in storage",
                       {{"repo", std::string_view(tenant_.name)},
                        {"package", std::string_view(name)},
                        {"error", std::string_view(finding.problem)}});
      return;
    case Finding::Kind::failed:
      ++failures_;
      if (!unread_.insert(name).second) return;  // said before
      tenant_.log.warn("Object could not be read", {{"repo", std::string_view(tenant_.name)},
                                                    {"package", std::string_view(name)},
                                                    {"error", std::string_view(finding.problem)}});
      return;
    case Finding::Kind::package:
      break;
  }
  ++read_;
  const ChartVersionPointer version = finding.entry.version;
  const auto other =
      inventory.put_package(finding.info, std::move(finding.entry), writer_.entries());
  if (!other) return;
  tenant_.log.warn("Two packages hold the same chart version, one is listed",
                   {{"repo", std::string_view(tenant_.name)},
                    {"package", std::string_view(name)},
                    {"other", std::string_view(*other)},
                    {"name", version->name},
                    {"version", version->version}});
}

void Reconciler::report_progress(std::size_t answered, std::size_t all) {
  const auto now = StrandSignal::Clock::now();
  if (now < next_report_) return;
  next_report_ = now + kReportEvery;
  tenant_.log.info("Reading packages in storage", {{"repo", std::string_view(tenant_.name)},
                                                   {"done", static_cast<std::int64_t>(answered)},
                                                   {"total", static_cast<std::int64_t>(all)}});
}

}  // namespace chartmuseum::repository
