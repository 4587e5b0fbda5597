// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_store.hpp"

#include "storage/memory_faults.hpp"
#include "storage/object_key.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <utility>

namespace chartmuseum::storage {

namespace {

struct Subscriber {
  std::string folder;
  ObjectStore::OnChange on_change;
  std::recursive_mutex mutex;  // held while on_change runs, so that the watch's end waits for it
  bool ended = false;
  std::atomic<bool> alive = true;
};

struct Stored {
  std::shared_ptr<const std::string> bytes;
  ObjectInfo info;
  std::optional<Digest> digest;
};

/// The pieces of an object, up to where the stream breaks.
class Pieces final : public ObjectStream {
 public:
  Pieces(std::shared_ptr<const std::string> bytes, std::size_t piece,
         std::optional<std::size_t> broken_after)
      : bytes_(std::move(bytes)), piece_(piece), broken_after_(broken_after) {}

  Task<Result<std::string>> next() override {
    const std::size_t end = std::min(bytes_->size(), broken_after_.value_or(bytes_->size()));
    if (at_ >= end && broken_after_) {
      co_return std::unexpected(Failure{FailureKind::unavailable, "the stream broke"});
    }
    std::string piece = bytes_->substr(at_, std::min(piece_, end - at_));
    at_ += piece.size();
    co_return piece;
  }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::size_t piece_;
  std::optional<std::size_t> broken_after_;
  std::size_t at_ = 0;
};

/// A call from when it is noted to its answer.
struct UnderWay {
  UnderWay(MemoryFaults& all, Operation kind) : faults(all), operation(kind) {}
  ~UnderWay() { faults.end(operation); }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

  MemoryFaults& faults;
  Operation operation;
};

std::unexpected<Failure> invalid(const std::string& key) {
  return std::unexpected(Failure{FailureKind::invalid, "not a valid key: " + key});
}

}  // namespace

struct MemoryStore::State {
  Settings settings;
  MemoryFaults faults;

  mutable std::mutex mutex;
  std::map<std::string, Stored> objects;
  std::map<std::string, std::uint64_t> stamps;  // by folder: how often its names changed
  std::uint64_t versions = 0;
  std::optional<std::size_t> piece_size;
  std::optional<std::size_t> broken_after;

  std::vector<std::shared_ptr<Subscriber>> subscribers;
  bool changes_held = false;
  std::vector<std::string> held;  // keys

  ObjectInfo store(const std::string& key, std::string bytes, std::optional<Timestamp> modified,
                   std::optional<Digest> digest = {}) {
    const KeyParts parts = split_key(key);
    Stored stored;
    stored.info.name = parts.name;
    stored.info.size = bytes.size();
    stored.info.modified = modified ? *modified : settings.clock();
    if (settings.etags) stored.info.etag = std::to_string(++versions);
    stored.bytes = std::make_shared<const std::string>(std::move(bytes));
    if (settings.digests) stored.digest = digest;
    if (!objects.contains(key)) ++stamps[std::string(parts.folder)];
    objects[key] = stored;
    return stored.info;
  }

  bool erase(const std::string& key) {
    if (objects.erase(key) == 0) return false;
    ++stamps[std::string(split_key(key).folder)];
    return true;
  }

  [[nodiscard]] std::vector<ObjectInfo> list(const std::string& folder) const {
    std::vector<ObjectInfo> listed;
    const std::lock_guard lock(mutex);
    const std::string prefix = folder.empty() ? "" : folder + '/';
    for (auto at = objects.lower_bound(prefix);
         at != objects.end() && at->first.starts_with(prefix); ++at) {
      if (split_key(at->first).folder != folder) continue;
      ObjectInfo& info = listed.emplace_back(at->second.info);
      const auto tick = settings.clock_tick;
      if (tick.count() > 0) info.modified -= info.modified.time_since_epoch() % tick;
    }
    return listed;
  }

  [[nodiscard]] std::optional<Stored> find(const std::string& key) const {
    const std::lock_guard lock(mutex);
    const auto found = objects.find(key);
    if (found == objects.end()) return std::nullopt;
    return found->second;
  }

  /// To be called without the mutex.
  void changed(const std::string& key) {
    std::vector<std::shared_ptr<Subscriber>> told;
    const KeyParts parts = split_key(key);
    {
      const std::lock_guard lock(mutex);
      if (changes_held) {
        held.push_back(key);
        return;
      }
      for (const auto& subscriber : subscribers) {
        if (subscriber->folder == parts.folder) told.push_back(subscriber);
      }
    }
    for (const auto& subscriber : told) {
      tell(*subscriber, {.names = {std::string(parts.name)}, .everything = false});
    }
  }

  void everything_changed(bool lose) {
    std::vector<std::shared_ptr<Subscriber>> told;
    {
      const std::lock_guard lock(mutex);
      held.clear();
      told = subscribers;
    }
    for (const auto& subscriber : told) {
      if (lose) subscriber->alive = false;
      tell(*subscriber, {.names = {}, .everything = true});
    }
  }

  static void tell(Subscriber& subscriber, FolderChange change) {
    const std::lock_guard lock(subscriber.mutex);
    if (!subscriber.ended) subscriber.on_change(std::move(change));
  }
};

class MemoryStore::Watch final : public FolderWatch {
 public:
  Watch(std::shared_ptr<State> state, std::shared_ptr<Subscriber> subscriber)
      : state_(std::move(state)), subscriber_(std::move(subscriber)) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() override {
    {
      const std::lock_guard lock(state_->mutex);
      std::erase(state_->subscribers, subscriber_);
    }
    const std::lock_guard lock(subscriber_->mutex);
    subscriber_->ended = true;
  }

  [[nodiscard]] bool up_to_date() const override {
    const std::lock_guard lock(state_->mutex);
    return subscriber_->alive && state_->held.empty();
  }
  [[nodiscard]] bool alive() const override { return subscriber_->alive; }

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<Subscriber> subscriber_;
};

MemoryStore::MemoryStore() : MemoryStore(Settings{}) {}

MemoryStore::MemoryStore(Settings settings) : state_(std::make_shared<State>()) {
  state_->settings = std::move(settings);
}

MemoryStore::~MemoryStore() = default;

/// What every operation goes through first. With `done` set, it is to happen before it fails.
Task<std::optional<Failure>> MemoryStore::begin(Operation operation, std::string key, bool* done) {
  const UnderWay call{state_->faults, operation};
  MemoryFaults::Verdict verdict = state_->faults.begin(operation, key);
  const auto executor = co_await boost::asio::this_coro::executor;
  if (verdict.delay.count() > 0) {
    boost::asio::steady_timer timer(executor, verdict.delay);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  if (verdict.hold) co_await wait_at(std::move(verdict.hold));
  if (done != nullptr) *done = verdict.done;
  co_return verdict.failure;
}

Task<> MemoryStore::wait_at(std::shared_ptr<Hold::State> hold) {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::shared_ptr<OneShot<bool>> release;
  {
    const std::lock_guard lock(hold->mutex);
    hold->taken = true;
    if (hold->arrival) hold->arrival->set(true);
    if (!hold->released) release = hold->release = std::make_shared<OneShot<bool>>(executor);
  }
  if (release) co_await release->wait();
}

Task<Result<std::optional<Object>>> MemoryStore::get(std::string key, std::uint64_t limit) {
  auto failure = co_await begin(Operation::get, key, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  const auto found = state_->find(key);
  if (!found) co_return std::nullopt;
  if (found->info.size > limit) {
    co_return std::unexpected(Failure{FailureKind::invalid, key + " is larger than allowed"});
  }
  co_return Object{found->info, *found->bytes};
}

bool MemoryStore::knows_digests() const {
  return state_->settings.digests;
}

std::size_t MemoryStore::reads_at_once() const {
  return state_->settings.reads_at_once;
}

Task<Result<std::optional<ObjectStart>>> MemoryStore::get_start(std::string key,
                                                                std::uint64_t size) {
  auto failure = co_await begin(Operation::get_start, key, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  const auto found = state_->find(key);
  if (!found) co_return std::nullopt;
  co_return ObjectStart{found->info, found->bytes->substr(0, size), found->digest};
}

Task<Result<std::optional<OpenObject>>> MemoryStore::open(std::string key) {
  auto failure = co_await begin(Operation::open, key, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  auto found = state_->find(key);
  if (!found) co_return std::nullopt;
  const std::lock_guard lock(state_->mutex);
  if (!state_->piece_size) co_return OpenObject{std::move(found->info), std::move(found->bytes)};
  co_return OpenObject{
      std::move(found->info),
      std::make_shared<Pieces>(std::move(found->bytes), *state_->piece_size, state_->broken_after)};
}

Task<Result<std::optional<ObjectInfo>>> MemoryStore::stat(std::string key) {
  auto failure = co_await begin(Operation::stat, key, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  co_return info(key);
}

Task<Result<ObjectInfo>> MemoryStore::put(std::string key, Content content,
                                          PutCondition condition) {
  bool done = false;
  auto failure = co_await begin(Operation::put, key, &done);
  if (failure && !done) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  ObjectInfo stored;
  {
    const std::lock_guard lock(state_->mutex);
    if (condition == PutCondition::create_only && state_->objects.contains(key)) {
      co_return std::unexpected(Failure{FailureKind::conflict, key + " exists"});
    }
    stored = state_->store(key, content.to_string(), std::nullopt, content.digest());
  }
  state_->changed(key);
  if (failure) co_return std::unexpected(std::move(*failure));
  co_return stored;
}

Task<Result<bool>> MemoryStore::remove(std::string key) {
  bool done = false;
  auto failure = co_await begin(Operation::remove, key, &done);
  if (failure && !done) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  bool was_there = false;
  {
    const std::lock_guard lock(state_->mutex);
    was_there = state_->erase(key);
  }
  if (was_there) state_->changed(key);
  if (failure) co_return std::unexpected(std::move(*failure));
  co_return was_there;
}

Task<Result<std::vector<ObjectInfo>>> MemoryStore::list(std::string folder) {
  auto failure = co_await begin(Operation::list, folder, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!folder.empty() && !valid_key(folder)) co_return invalid(folder);
  std::vector<ObjectInfo> listed = state_->list(folder);
  auto hold = state_->faults.late_hold(Operation::list, folder);
  if (hold) co_await wait_at(std::move(hold));
  co_return listed;
}

std::unique_ptr<FolderWatch> MemoryStore::watch(std::string folder, OnChange on_change) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->settings.watchable) return nullptr;
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->folder = std::move(folder);
  subscriber->on_change = std::move(on_change);
  state_->subscribers.push_back(subscriber);
  return std::make_unique<Watch>(state_, std::move(subscriber));
}

Task<Result<std::optional<std::string>>> MemoryStore::folder_stamp(std::string folder) {
  auto failure = co_await begin(Operation::folder_stamp, folder, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  const std::lock_guard lock(state_->mutex);
  if (!state_->settings.stamps) co_return std::nullopt;
  const auto stamp = state_->stamps.find(folder);
  co_return std::to_string(stamp == state_->stamps.end() ? 0 : stamp->second);
}

Task<Result<std::optional<std::string>>> MemoryStore::download_url(std::string key,
                                                                   std::chrono::seconds valid) {
  auto failure = co_await begin(Operation::download_url, key, nullptr);
  if (failure) co_return std::unexpected(std::move(*failure));
  if (!valid_key(key)) co_return invalid(key);
  if (state_->settings.url_base.empty()) co_return std::nullopt;
  co_return state_->settings.url_base + key + "?valid=" + std::to_string(valid.count()) +
      "&signature=secret";
}

std::vector<std::string> MemoryStore::keys() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> keys;
  for (const auto& [key, stored] : state_->objects) keys.push_back(key);
  return keys;
}

std::optional<std::string> MemoryStore::bytes(const std::string& key) const {
  const auto found = state_->find(key);
  if (!found) return std::nullopt;
  return *found->bytes;
}

std::optional<ObjectInfo> MemoryStore::info(const std::string& key) const {
  auto found = state_->find(key);
  if (!found) return std::nullopt;
  return std::move(found->info);
}

void MemoryStore::place(const std::string& key, std::string bytes,
                        std::optional<Timestamp> modified) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->store(key, std::move(bytes), modified);
  }
  state_->changed(key);
}

void MemoryStore::take_away(const std::string& key) {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->erase(key)) return;
  }
  state_->changed(key);
}

std::vector<MemoryStore::Call> MemoryStore::calls() const {
  return state_->faults.calls();
}

std::size_t MemoryStore::count(Operation operation) const {
  const std::vector<Call> seen = calls();
  return static_cast<std::size_t>(std::count_if(
      seen.begin(), seen.end(), [&](const Call& call) { return call.operation == operation; }));
}

std::size_t MemoryStore::most_at_once(Operation operation) const {
  return state_->faults.most_at_once(operation);
}

void MemoryStore::forget_calls() {
  state_->faults.forget_calls();
}

void MemoryStore::fail(Operation operation, Failure failure, std::size_t nth, Effect effect) {
  state_->faults.fail(operation, std::move(failure), nth, effect == Effect::done);
}

void MemoryStore::fail_always(Operation operation, Failure failure) {
  state_->faults.fail_always(operation, std::move(failure));
}

void MemoryStore::fail_key(const std::string& key, Failure failure) {
  state_->faults.fail_key(key, std::move(failure));
}

void MemoryStore::stop_after(std::size_t calls) {
  state_->faults.stop_after(calls);
}

void MemoryStore::open_as_streams(std::size_t piece_size, std::optional<std::size_t> broken_after) {
  const std::lock_guard lock(state_->mutex);
  state_->piece_size = piece_size;
  state_->broken_after = broken_after;
}

void MemoryStore::delay(Operation operation, std::chrono::nanoseconds duration) {
  state_->faults.delay(operation, duration);
}

void MemoryStore::repair() {
  state_->faults.repair();
  const std::lock_guard lock(state_->mutex);
  state_->piece_size.reset();
  state_->broken_after.reset();
}

MemoryStore::Hold MemoryStore::hold(Operation operation, std::string key) {
  auto state = std::make_shared<Hold::State>();
  state->operation = operation;
  state->key = std::move(key);
  state_->faults.hold(state);
  return Hold(std::move(state));
}

MemoryStore::Hold MemoryStore::hold_listing(std::string folder) {
  auto state = std::make_shared<Hold::State>();
  state->operation = Operation::list;
  state->key = std::move(folder);
  state->late = true;
  state_->faults.hold(state);
  return Hold(std::move(state));
}

void MemoryStore::hold_changes() {
  const std::lock_guard lock(state_->mutex);
  state_->changes_held = true;
}

void MemoryStore::tell_changes() {
  std::vector<std::string> keys;
  {
    const std::lock_guard lock(state_->mutex);
    state_->changes_held = false;
    keys = state_->held;
  }
  for (const std::string& key : keys) state_->changed(key);
  const std::lock_guard lock(state_->mutex);  // told by now: up to date
  state_->held.clear();
}

void MemoryStore::overflow() {
  state_->everything_changed(false);
}

void MemoryStore::lose_watches() {
  state_->everything_changed(true);
}

std::size_t MemoryStore::watches() const {
  const std::lock_guard lock(state_->mutex);
  return state_->subscribers.size();
}

}  // namespace chartmuseum::storage
