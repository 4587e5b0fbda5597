// SPDX-License-Identifier: Apache-2.0
#include "repository/object_reader.hpp"

#include "repository/task_group.hpp"
#include "storage/object_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace chartmuseum::repository {

namespace {

using storage::ObjectInfo;
using storage::Result;

constexpr std::chrono::seconds kReportEvery{5};
// How many changes may gather before they are put into the lists, which frees their texts' copies.
constexpr std::size_t kAbsorbEvery = 1024;
// How many objects a worker looks at before it comes back: enough to make the way there cheap.
constexpr std::size_t kMostAtOnce = 16;
// What may be on its way from the storage at a time, whatever the number of packages.
constexpr std::uint64_t kBytesUnderWay = 128UL * 1024 * 1024;
// So many failures, and no success in between, may be an outage.
constexpr std::size_t kSuspiciousFailures = 64;
// Failures that get a line of their own in the log, of those of one comparison.
constexpr std::size_t kNamedFailures = 20;

Task<Result<std::vector<ObjectInfo>>> list_folder(const Tenant& tenant) {
  co_return co_await tenant.store->list(tenant.name);
}

std::uint64_t size_of(const std::vector<Question>& questions) {
  std::uint64_t size = 0;
  for (const Question& question : questions) {
    if (question.listed) size += question.listed->size;
  }
  return size;
}

}  // namespace

ObjectReader::ObjectReader(Tenant& tenant, IndexWriter& writer, KeyedLock& locks,
                           const std::set<std::string>& touched)
    : tenant_(tenant), writer_(writer), locks_(locks), touched_(touched) {}

std::size_t ObjectReader::parallel() const {
  const std::size_t wanted = tenant_.settings.parallel_fetches;
  if (wanted > 0) return wanted;
  const std::size_t suits = tenant_.store->reads_at_once();
  return suits > 0 ? suits : tenant_.workers.threads();
}

/// Those that share a way to the worker are asked for one after the other: no good where
/// the way to the storage is the longer one.
std::size_t ObjectReader::at_once(std::size_t questions) const {
  if (tenant_.store->reads_at_once() > 0) return 1;
  return std::clamp<std::size_t>(questions / (4 * parallel()), 1, kMostAtOnce);
}

Task<Outcome<void>> ObjectReader::read(std::vector<Question> questions, bool listed) {
  listed_ = listed;
  answered_ = 0;
  failures_ = 0;
  failures_in_a_row_ = 0;
  unnamed_ = 0;
  next_report_ = StrandSignal::Clock::now() + kReportEvery;
  const std::size_t all = questions.size();
  const std::size_t some_size = at_once(all);
  std::size_t suspicious = kSuspiciousFailures;
  Outcome<void> outcome;
  TaskGroup group(tenant_.strand, parallel(), kBytesUnderWay);
  for (std::size_t begin = 0; begin < all && !stopping_; begin += some_size) {
    const std::size_t end = std::min(all, begin + some_size);
    std::vector<Question> some;
    some.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) some.push_back(std::move(questions[i]));
    const std::uint64_t size = size_of(some);
    co_await group.start(answer(std::move(some)), size);
    report_progress(all);

    if (failures_in_a_row_ < suspicious) continue;
    // Objects that cannot be had must not keep the others out of the index, but where nothing can
    // be had it makes no sense to ask for the rest.
    suspicious *= 2;
    co_await group.finish();
    Task<Result<std::vector<ObjectInfo>>> listing = list_folder(tenant_);
    const auto still_there = co_await tenant_.outside(std::move(listing));
    if (still_there) continue;
    outcome = refuse(still_there.error());
    break;
  }
  co_await group.finish();
  report_unnamed();
  co_return outcome;
}

Task<> ObjectReader::answer(std::vector<Question> questions) {
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
  if (!listed_) {
    Task<std::vector<Question>> dropping = drop_unchanged(std::move(questions));
    questions = co_await std::move(dropping);
  }
  if (!questions.empty()) {
    Task<std::vector<Finding>> examining = examine(tenant_, std::move(questions));
    std::vector<Finding> findings = co_await tenant_.outside(std::move(examining));
    for (Finding& finding : findings) enter(std::move(finding));
    if (writer_.inventory().changes() >= kAbsorbEvery) writer_.absorb();
  }
  answered_ += count;
}

/// Most of what a watch tells of was done by this server, and is known: one look says so, without
/// a way to another thread and back.
Task<std::vector<Question>> ObjectReader::drop_unchanged(std::vector<Question> questions) {
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

void ObjectReader::enter(Finding finding) {
  const std::string name = std::move(finding.file_name);
  if (finding.kind == Finding::Kind::failed) {
    enter_failure(name, *std::move(finding.failure));
    return;
  }
  failures_in_a_row_ = 0;
  unread_.erase(name);
  Inventory& inventory = writer_.inventory();
  switch (finding.kind) {
    case Finding::Kind::unchanged:
    case Finding::Kind::failed:
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
    case Finding::Kind::package:
      break;
  }
  ++packages_;
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

void ObjectReader::enter_failure(const std::string& name, storage::Failure failure) {
  ++failures_;
  ++failures_in_a_row_;
  last_failure_ = refuse(std::move(failure), name).error();
  if (!unread_.insert(name).second) return;  // said before
  if (failures_ > kNamedFailures) {
    ++unnamed_;
    return;
  }
  tenant_.log.warn("Object could not be read", {{"repo", std::string_view(tenant_.name)},
                                                {"package", std::string_view(name)},
                                                {"error", std::string_view(last_failure_.detail)}});
}

void ObjectReader::report_unnamed() {
  if (unnamed_ == 0) return;
  tenant_.log.warn("More objects could not be read",
                   {{"repo", std::string_view(tenant_.name)},
                    {"count", static_cast<std::int64_t>(unnamed_)},
                    {"error", std::string_view(last_failure_.detail)}});
}

void ObjectReader::report_progress(std::size_t all) {
  const auto now = StrandSignal::Clock::now();
  if (now < next_report_) return;
  next_report_ = now + kReportEvery;
  tenant_.log.info("Reading packages in storage", {{"repo", std::string_view(tenant_.name)},
                                                   {"done", static_cast<std::int64_t>(answered_)},
                                                   {"total", static_cast<std::int64_t>(all)}});
}

}  // namespace chartmuseum::repository
