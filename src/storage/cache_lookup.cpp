// SPDX-License-Identifier: Apache-2.0
#include "storage/cache_lookup.hpp"

#include "storage/resumed_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace chartmuseum::storage {

namespace {

// A package that everybody pulls costs one HEAD a second whatever the load, and nobody is served
// what was replaced, elsewhere, longer ago than that.
constexpr std::chrono::seconds kTrust{1};

bool is_outage(const Failure& failure) {
  return failure.kind == FailureKind::unavailable || failure.kind == FailureKind::throttled;
}

bool same_bytes(const ObjectInfo& kept, const ObjectInfo& current) {
  return !kept.etag.empty() && kept.etag == current.etag && kept.size == current.size;
}

std::shared_ptr<CacheFolder> make_folder(const CachedStoreSettings& settings, WorkerPool& workers,
                                         const telemetry::Log& log) {
  if (settings.folder.empty() || settings.folder_size == 0) return nullptr;
  return std::make_shared<CacheFolder>(
      CacheFolder::Settings{.path = std::filesystem::absolute(settings.folder),
                            .capacity = settings.folder_size,
                            .origin = settings.origin},
      workers, log);
}

}  // namespace

CacheLookup::CacheLookup(CachedStoreSettings settings, std::shared_ptr<ObjectStore> inner,
                         WorkerPool& workers, const telemetry::Log& log)
    : settings_(std::move(settings)),
      inner_(std::move(inner)),
      workers_(workers),
      memory_(settings_.memory),
      folder_(make_folder(settings_, workers, log)),
      trusted_(settings_.clock, kTrust) {}

void CacheLookup::open_folder() {
  if (folder_) boost::asio::post(workers_.executor(), [folder = folder_] { folder->open(); });
}

CacheCounts CacheLookup::counts() const {
  return {.hits = hits_, .misses = misses_};
}

// ---- asking

Task<Result<std::optional<OpenObject>>> CacheLookup::open(std::shared_ptr<CacheLookup> self,
                                                          std::string key) {
  if (auto object = self->at_once(key)) co_return object;
  Waiting waiting(co_await boost::asio::this_coro::executor);
  const auto reply = waiting.reply;
  self->ask(key, std::move(waiting));
  const std::shared_ptr<Answer> answer = co_await reply->wait();
  if (!answer->alone) co_return std::move(answer->object);
  ++self->misses_;
  Task<Result<std::optional<OpenObject>>> opening = self->inner_->open(std::move(key));
  co_return co_await std::move(opening);
}

/// What can be handed out without asking anybody.
std::optional<OpenObject> CacheLookup::at_once(const std::string& key) {
  const auto info = trusted_.find(key);
  if (!info) return std::nullopt;
  std::optional<OpenObject> object;
  if (auto version = memory_.find(key); version && same_bytes(version->info, *info)) {
    object = OpenObject{*info, std::move(version->bytes)};
  } else if (const Fetch fetch = under_way(key); fetch && same_bytes(fetch->info(), *info)) {
    if (auto stream = fetch->join()) object = OpenObject{*info, std::move(stream)};
  }
  if (object) ++hits_;
  return object;
}

void CacheLookup::ask(const std::string& key, Waiting waiting) {
  std::shared_ptr<Question> asked;
  {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Question>& question = questions_[key];
    if (!question) {
      question = std::make_shared<Question>(key, trusted_.mark(key));
      asked = question;
    }
    question->waiting.push_back(std::move(waiting));
  }
  if (!asked) return;
  boost::asio::co_spawn(workers_.executor(), answer(shared_from_this(), std::move(asked)),
                        boost::asio::detached);
}

Task<> CacheLookup::answer(std::shared_ptr<CacheLookup> self, std::shared_ptr<Question> question) {
  Finding finding;
  try {
    Task<Finding> finding_out = self->find(question->key, question->mark);
    finding = co_await std::move(finding_out);
  } catch (const std::exception& error) {
    finding.verdict = Failure{FailureKind::unavailable, error.what()};
  }
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(self->mutex_);
    waiting.swap(question->waiting);
    const auto found = self->questions_.find(question->key);
    // A write may have made room for another one.
    if (found != self->questions_.end() && found->second == question) self->questions_.erase(found);
  }
  for (const Waiting& one : waiting) one.reply->set(self->share(finding));
}

/// One share of what was found. The first of those who wait is who the store sent it for.
std::shared_ptr<CacheLookup::Answer> CacheLookup::share(Finding& finding) {
  auto answer = std::make_shared<Answer>();
  if (auto* failure = std::get_if<Failure>(&finding.verdict)) {
    answer->object = std::unexpected(*failure);
    return answer;
  }
  if (std::holds_alternative<Absent>(finding.verdict)) return answer;

  const bool fetched = std::exchange(finding.fetched, false);
  if (auto* version = std::get_if<MemoryCache::Version>(&finding.verdict)) {
    answer->object = OpenObject{version->info, version->bytes};
  } else if (auto* file = std::get_if<KeptFile>(&finding.verdict)) {
    answer->object = OpenObject{file->info, file->file};
  } else if (auto* fetch = std::get_if<Fetch>(&finding.verdict)) {
    auto stream = (*fetch)->join();
    answer->alone = !stream;
    if (stream) answer->object = OpenObject{(*fetch)->info(), std::move(stream)};
  } else {
    auto& opened = std::get<Alone>(finding.verdict).opened;
    answer->alone = !opened;
    if (opened) answer->object = *std::exchange(opened, std::nullopt);
  }
  if (!answer->alone) ++(fetched ? misses_ : hits_);
  return answer;
}

// ---- finding the answer, on a worker

Task<CacheLookup::Finding> CacheLookup::find(std::string key, std::uint32_t mark) {
  if (auto source = kept(key)) {
    Task<std::optional<Verdict>> checking = check(key, mark, std::move(*source));
    auto verdict = co_await std::move(checking);
    if (verdict) co_return Finding{std::move(*verdict), false};
    drop(key);
  }
  Task<Verdict> fetching = fetch(std::move(key), mark);
  Verdict verdict = co_await std::move(fetching);
  co_return Finding{std::move(verdict), true};
}

CacheLookup::Fetch CacheLookup::under_way(const std::string& key) {
  Fetch fetch;  // to go after the lock: what may end with it takes the lock itself
  const std::lock_guard lock(mutex_);
  const auto found = fetches_.find(key);
  if (found != fetches_.end()) fetch = found->second.fetch.lock();
  return fetch;
}

std::optional<CacheLookup::Source> CacheLookup::kept(const std::string& key) {
  if (auto version = memory_.find(key)) return std::move(*version);
  if (Fetch fetch = under_way(key)) return fetch;
  if (!folder_) return std::nullopt;
  auto found = folder_->find(key);
  if (!found) return std::nullopt;
  return KeptFile{std::move(found->info), std::move(found->file)};
}

/// What the store says of what is kept; nothing if that is out of date.
Task<std::optional<CacheLookup::Verdict>> CacheLookup::check(std::string key, std::uint32_t mark,
                                                             Source source) {
  auto* const fetch = std::get_if<Fetch>(&source);
  auto* const version = std::get_if<MemoryCache::Version>(&source);
  auto* const file = std::get_if<KeptFile>(&source);
  const ObjectInfo known = fetch != nullptr     ? (*fetch)->info()
                           : version != nullptr ? version->info
                                                : file->info;
  auto current = trusted_.find(key);
  if (!current) {
    Task<std::shared_ptr<Stat>> validating = validate(key, mark);
    const std::shared_ptr<Stat> stat = co_await std::move(validating);
    if (stat && !*stat && !is_outage(stat->error())) co_return stat->error();
    if (stat && *stat && !**stat) co_return Absent();
    if (stat && *stat) {
      current = **stat;
    } else {
      current = known;  // better than nothing, and for as long as an answer
      trusted_.note(key, known, mark);
    }
  }
  if (!same_bytes(known, *current)) co_return std::nullopt;
  if (fetch != nullptr) co_return std::move(*fetch);
  if (version != nullptr) co_return MemoryCache::Version{std::move(*current), version->bytes};
  co_return KeptFile{std::move(*current), file->file};
}

/// What stat() says; null if that takes too long. In an outage it is looked, once at a time,
/// whether it has ended, and nobody waits for that.
Task<std::shared_ptr<CacheLookup::Stat>> CacheLookup::validate(std::string key,
                                                               std::uint32_t mark) {
  const bool patient = !outage_;
  if (!patient && probing_.exchange(true)) co_return nullptr;
  const auto reply = std::make_shared<StatReply>(workers_.executor());
  boost::asio::co_spawn(workers_.executor(),
                        probe(shared_from_this(), std::move(key), mark, reply, patient),
                        boost::asio::detached);
  if (!patient) co_return nullptr;
  boost::asio::steady_timer timer(workers_.executor(), settings_.patience);
  timer.async_wait([self = shared_from_this(), reply](const boost::system::error_code& error) {
    if (error) return;
    self->outage_ = true;
    reply->set(nullptr);
  });
  co_return co_await reply->wait();
}

Task<> CacheLookup::probe(std::shared_ptr<CacheLookup> self, std::string key, std::uint32_t mark,
                          std::shared_ptr<StatReply> reply, bool patient) {
  auto stat = std::make_shared<Stat>();
  try {
    Task<Stat> asking = self->inner_->stat(key);
    *stat = co_await std::move(asking);
  } catch (const std::exception& error) {
    *stat = std::unexpected(Failure{FailureKind::unavailable, error.what()});
  }
  self->outage_ = !*stat && is_outage(stat->error());
  if (*stat && **stat) self->trusted_.note(key, ***stat, mark);
  if (*stat && !**stat && self->trusted_.mark(key) == mark) self->drop(key);
  if (!patient) self->probing_ = false;
  reply->set(std::move(stat));
}

// ---- fetching

Task<CacheLookup::Verdict> CacheLookup::fetch(std::string key, std::uint32_t mark) {
  Task<Result<std::optional<OpenObject>>> opening = inner_->open(key);
  auto opened = co_await std::move(opening);
  outage_ = !opened && is_outage(opened.error());
  if (!opened) co_return std::move(opened.error());
  if (!*opened) co_return Absent();
  OpenObject object = **std::move(opened);
  if (object.info.etag.empty()) co_return Alone{std::move(object)};
  if (std::holds_alternative<std::shared_ptr<ObjectStream>>(object.content)) {
    co_return start_fetch(key, mark, std::move(object));
  }
  if (std::holds_alternative<std::shared_ptr<const std::string>>(object.content)) {
    co_return keep_bytes(key, mark, std::move(object));
  }
  co_return Alone{std::move(object)};  // a file of this machine has the page cache
}

CacheLookup::Verdict CacheLookup::keep_bytes(const std::string& key, std::uint32_t mark,
                                             OpenObject opened) {
  const auto& bytes = *std::get<std::shared_ptr<const std::string>>(opened.content);
  const auto room = memory_.room(key, bytes.size());
  if (!room || bytes.size() != opened.info.size) return Alone{std::move(opened)};
  *room = bytes;
  keep(key, opened.info, room, mark);
  trusted_.note(key, opened.info, mark);
  return MemoryCache::Version{std::move(opened.info), room};
}

CacheLookup::Verdict CacheLookup::start_fetch(const std::string& key, std::uint32_t mark,
                                              OpenObject opened) {
  const ObjectInfo info = opened.info;
  std::shared_ptr<Landing> landing;
  std::function<void()> keep_it;
  const auto current = [this, key, mark] { return trusted_.mark(key) == mark; };
  if (auto room = memory_.room(key, info.size)) {
    landing = std::make_shared<MemoryLanding>(room);
    keep_it = [this, key, info, room, mark] { keep(key, info, room, mark); };
  } else if (auto arrival = folder_ ? folder_->begin(key, info) : nullptr) {
    landing = arrival;
    keep_it = [arrival, current] { arrival->keep(current); };
  } else {
    return Alone{std::move(opened)};
  }

  const std::lock_guard lock(mutex_);
  const std::uint64_t number = ++fetches_begun_;
  Fetch fetch = SharedFetch::make(
      {.info = info,
       .source = std::get<std::shared_ptr<ObjectStream>>(std::move(opened.content)),
       .landing = std::move(landing),
       .resume = [inner = inner_, key,
                  etag = info.etag](std::uint64_t at) { return open_at(inner, key, etag, at); },
       .ended =
           [self = shared_from_this(), key, mark, number, keep_it](bool whole) {
             // First kept, then forgotten, so that nobody finds neither.
             if (whole) keep_it();
             const std::lock_guard ending(self->mutex_);
             const auto found = self->fetches_.find(key);
             if (found == self->fetches_.end() || found->second.number != number) return;
             self->fetches_.erase(found);
           },
       .executor = workers_.executor()});
  if (trusted_.mark(key) == mark) fetches_[key] = {fetch, number};
  trusted_.note(key, info, mark);
  return fetch;
}

// ---- keeping and forgetting

/// On a worker. Not what a write has overtaken since the mark.
void CacheLookup::keep(const std::string& key, const ObjectInfo& info,
                       const std::shared_ptr<const std::string>& bytes, std::uint32_t mark) {
  const auto still_current = [this, &key, mark] { return trusted_.mark(key) == mark; };
  memory_.keep(key, {info, bytes}, still_current);
  if (folder_) folder_->keep(key, info, *bytes, still_current);
}

/// From any thread.
void CacheLookup::drop(const std::string& key) {
  memory_.drop(key);
  if (!folder_) return;
  boost::asio::post(workers_.executor(), [folder = folder_, key] { folder->drop(key); });
}

/// Whoever asks from now on is told of what the write has left.
void CacheLookup::written(const std::string& key) {
  trusted_.written(key);
  const std::lock_guard lock(mutex_);
  questions_.erase(key);
  fetches_.erase(key);
}

void CacheLookup::forget(const std::string& key) {
  written(key);
  drop(key);
}

void CacheLookup::stored(const std::string& key, const ObjectInfo& info, const Content& content) {
  written(key);
  const std::uint32_t mark = trusted_.mark(key);
  const auto room = info.etag.empty() || info.size != content.size()
                        ? nullptr
                        : memory_.room(key, content.size());
  if (!room) return drop(key);
  std::size_t at = 0;
  for (const std::string_view piece : content.pieces()) {
    std::ranges::copy(piece, room->data() + at);
    at += piece.size();
  }
  const auto still_current = [this, key, mark] { return trusted_.mark(key) == mark; };
  memory_.keep(key, {info, room}, still_current);
  if (!folder_) return;
  boost::asio::post(workers_.executor(),
                    [self = shared_from_this(), key, info, room, still_current] {
                      self->folder_->keep(key, info, *room, still_current);
                    });
}

void CacheLookup::listed(const std::string& folder, const std::vector<ObjectInfo>& infos) {
  outage_ = false;
  trusted_.compare(folder, infos);
}

}  // namespace chartmuseum::storage
