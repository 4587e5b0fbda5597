// SPDX-License-Identifier: Apache-2.0
#include "repository/statefile_writer.hpp"

#include "repository/statefile_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace chartmuseum::repository {

namespace {

using Clock = StrandSignal::Clock;
using storage::ObjectInfo;
using storage::Result;

constexpr std::chrono::seconds kQuiet{1};
constexpr std::chrono::seconds kLongestDelay{10};  // of a write, while the index never is quiet
constexpr std::chrono::seconds kAfterFailure{30};
constexpr std::size_t kBytesPerSecond = 1'000'000;

bool is_temporary(const storage::Failure& failure) {
  return failure.kind == storage::FailureKind::unavailable ||
         failure.kind == storage::FailureKind::throttled;
}

Task<Result<ObjectInfo>> store_document(const Tenant& tenant, IndexPointer index) {
  storage::Content content(index->document());
  content.set_seldom_read();  // by a restart
  co_return co_await tenant.store->put(tenant.key(kStatefileName), std::move(content),
                                       storage::PutCondition::overwrite);
}

}  // namespace

StatefileWriter::StatefileWriter(Tenant& tenant, Publication& publication)
    : tenant_(tenant), publication_(publication), changed_(tenant.strand) {}

void StatefileWriter::changed() {
  if (!tenant_.settings.statefiles) return;
  last_change_ = Clock::now();
  if (!due_) first_change_ = last_change_;
  due_ = true;
  if (running_ || closing_) return;
  running_ = true;
  boost::asio::co_spawn(tenant_.strand, run(tenant_.hold()), boost::asio::detached);
}

Task<> StatefileWriter::run(std::shared_ptr<void> /*alive*/) {
  while (due_ && !closing_) {
    const auto wanted = std::min(last_change_ + kQuiet, first_change_ + kLongestDelay);
    const auto when = std::max(wanted, earliest_);
    if (Clock::now() < when) {
      co_await changed_.wait(when);
    } else {
      co_await write();
    }
  }
  running_ = false;
  changed_.notify();
}

Task<> StatefileWriter::write() {
  due_ = false;
  const IndexPointer index = publication_.index();
  // Without charts there is nothing to save, and a folder that was removed must not come back.
  if (!index || index->version_count() == 0) co_return;
  const std::size_t size = index->document().size();
  Task<Result<ObjectInfo>> storing = store_document(tenant_, index);
  const Result<ObjectInfo> stored = co_await tenant_.outside(std::move(storing));
  earliest_ = Clock::now() + std::chrono::milliseconds(1000 * size / kBytesPerSecond);
  const bool failed_before = std::exchange(failed_, !stored);
  if (stored) co_return;
  if (is_temporary(stored.error())) {
    if (!due_) first_change_ = last_change_;
    due_ = true;
    earliest_ = Clock::now() + kAfterFailure;
  }
  if (failed_before) co_return;
  tenant_.log.warn("Statefile not written", {{"repo", std::string_view(tenant_.name)},
                                             {"error", std::string_view(stored.error().detail)}});
}

Task<> StatefileWriter::close() {
  closing_ = true;
  changed_.notify();
  while (running_) co_await changed_.wait();
  if (due_) co_await write();
}

}  // namespace chartmuseum::repository
