// SPDX-License-Identifier: Apache-2.0
#include "auth/openid_issuer.hpp"

#include "auth/jwk_set.hpp"
#include "auth/openid_discovery.hpp"
#include "base/digest.hpp"
#include "base/one_shot.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace chartmuseum::auth {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::size_t kLargestDocument = 1 << 20;
constexpr std::chrono::hours kDiscoveryHolds{24};

}  // namespace

/// What fetches share with those who wait for them. A fetch keeps it alive.
class OpenidIssuer::Fetcher : public std::enable_shared_from_this<Fetcher> {
 public:
  Fetcher(Settings settings, IssuerName name, HttpGet get, boost::asio::any_io_executor executor)
      : settings_(std::move(settings)),
        name_(std::move(name)),
        get_(std::move(get)),
        executor_(std::move(executor)) {}

  KeySetPointer current() {
    std::unique_lock lock(mutex_);
    const TimePoint now = settings_.clock();
    const bool begin = !fetching_ && now >= due_;
    if (begin) fetching_ = true;
    KeySetPointer keys = usable_keys(now);
    lock.unlock();
    if (begin) spawn_fetch();
    return keys;
  }

  Task<KeySetPointer> renew(KeySetPointer seen) {
    const std::shared_ptr<Fetcher> self = shared_from_this();
    // On our executor: who waits, and its executor with it, may be gone before the fetch ends.
    auto done = std::make_shared<OneShot<bool>>(executor_);
    {
      std::unique_lock lock(mutex_);
      const TimePoint now = settings_.clock();
      KeySetPointer keys = usable_keys(now);
      if (keys != seen && keys != nullptr) co_return keys;
      const bool begin = !fetching_;
      if (begin && now < earliest_) co_return keys;
      fetching_ = true;
      waiting_.push_back(done);
      lock.unlock();
      if (begin) spawn_fetch();
    }
    Task<> waited =
        boost::asio::co_spawn(executor_, wait_for(std::move(done)), boost::asio::use_awaitable);
    co_await std::move(waited);
    const std::lock_guard lock(mutex_);
    co_return usable_keys(settings_.clock());
  }

 private:
  struct Loaded {
    std::optional<std::string> keys_url;  // if the description was fetched too
    Digest digest;
    JwkSet set;
  };
  using Outcome = std::expected<Loaded, std::string>;

  KeySetPointer usable_keys(TimePoint now) const {
    return keys_ != nullptr && now - fetched_at_ < settings_.stale_for ? keys_ : nullptr;
  }

  Task<> wait_for(std::shared_ptr<OneShot<bool>> done) {
    boost::asio::steady_timer timer(executor_, settings_.wait);
    timer.async_wait([done](const boost::system::error_code& error) {
      if (!error) done->set(false);
    });
    Task<bool> fetched = done->wait();
    co_await std::move(fetched);
  }

  /// For who has set fetching_.
  void spawn_fetch() {
    boost::asio::co_spawn(
        executor_, [self = shared_from_this()]() -> Task<> { return self->fetch(); },
        boost::asio::detached);
  }

  Task<> fetch() {
    const std::shared_ptr<Fetcher> self = shared_from_this();
    Outcome outcome = std::unexpected("it was not asked");
    try {
      Task<Outcome> task = load(known_keys_url());
      outcome = co_await std::move(task);
    } catch (...) {  // what it says may hold anything
      outcome = std::unexpected("asking it failed unexpectedly");
    }
    std::vector<std::shared_ptr<OneShot<bool>>> waiting = settle(std::move(outcome));
    for (const auto& one : waiting) one->set(true);
  }

  std::optional<std::string> known_keys_url() {
    const std::lock_guard lock(mutex_);
    const bool holds = settings_.clock() - discovered_at_ < kDiscoveryHolds;
    return keys_url_ && holds ? keys_url_ : std::nullopt;
  }

  Task<std::expected<std::string, std::string>> get(std::string url) {
    auto task = get_(std::move(url));
    auto body = co_await std::move(task);
    if (body && body->size() > kLargestDocument) {
      co_return std::unexpected("its answer is larger than a megabyte");
    }
    co_return body;
  }

  Task<Outcome> load(std::optional<std::string> keys_url) {
    Loaded loaded;
    if (!keys_url) {
      auto task = get(name_.discovery_url());
      const auto document = co_await std::move(task);
      if (!document) co_return std::unexpected("no description: " + document.error());
      auto found = read_discovery(*document, name_);
      if (!found) co_return std::unexpected(std::move(found.error()));
      keys_url = std::move(*found);
      loaded.keys_url = keys_url;
    }
    auto task = get(*keys_url);
    const auto document = co_await std::move(task);
    if (!document) co_return std::unexpected("no key set: " + document.error());
    auto set = read_jwk_set(*document);
    if (!set) co_return std::unexpected("its key set cannot be used: " + set.error());
    loaded.set = std::move(*set);
    loaded.digest = Digest::of(*document);
    co_return loaded;
  }

  /// Ends the fetch; those who waited for it.
  std::vector<std::shared_ptr<OneShot<bool>>> settle(Outcome outcome) {
    const std::lock_guard lock(mutex_);
    const TimePoint now = settings_.clock();
    earliest_ = now + settings_.least_interval;
    fetching_ = false;
    if (outcome) {
      due_ = now + settings_.refresh_interval;
      fetched_at_ = now;
      accept(std::move(*outcome), now);
    } else {
      due_ = earliest_;
      keys_url_.reset();  // it may have moved
      complain(outcome.error());
    }
    return std::exchange(waiting_, {});
  }

  void accept(Loaded loaded, TimePoint now) {
    if (loaded.keys_url) {
      keys_url_ = std::move(loaded.keys_url);
      discovered_at_ = now;
    }
    if (!complaint_.empty()) {
      complaint_.clear();
      settings_.log.info("The OpenID issuer answers again", {{"issuer", name_.url}});
    }
    // The same text is the same set: what was verified with it stays verified.
    if (keys_ != nullptr && loaded.digest == digest_) return;
    digest_ = loaded.digest;
    auto next = std::make_shared<KeySet>();
    next->generation = keys_ == nullptr ? 1 : keys_->generation + 1;
    next->keys = std::move(loaded.set.keys);
    settings_.log.info(
        "Fetched the OpenID issuer's keys",
        {{"issuer", name_.url}, {"keys", static_cast<std::int64_t>(next->keys.size())}});
    if (!loaded.set.skipped.empty()) {
      settings_.log.info("Left out keys of the OpenID issuer",
                         {{"issuer", name_.url},
                          {"keys", static_cast<std::int64_t>(loaded.set.skipped.size())},
                          {"reason", loaded.set.skipped.front()}});
    }
    keys_ = std::move(next);
  }

  void complain(const std::string& reason) {
    if (reason == complaint_) return;  // said already
    complaint_ = reason;
    settings_.log.error(keys_ == nullptr
                            ? "Cannot fetch the OpenID issuer's keys: its tokens are refused"
                            : "Cannot fetch the OpenID issuer's keys: those from before are used",
                        {{"issuer", name_.url}, {"reason", reason}});
  }

  const Settings settings_;
  const IssuerName name_;
  const HttpGet get_;
  const boost::asio::any_io_executor executor_;

  std::mutex mutex_;  // of all below
  KeySetPointer keys_;
  Digest digest_;  // of the text that they are from
  TimePoint fetched_at_;
  std::optional<std::string> keys_url_;
  TimePoint discovered_at_;
  bool fetching_ = false;
  TimePoint due_ = TimePoint::min();       // when current() begins a fetch
  TimePoint earliest_ = TimePoint::min();  // before which nobody does
  std::string complaint_;
  std::vector<std::shared_ptr<OneShot<bool>>> waiting_;
};

std::expected<std::shared_ptr<OpenidIssuer>, std::string> OpenidIssuer::open(
    Settings settings, HttpGet get, boost::asio::any_io_executor executor) {
  auto name = IssuerName::read(settings.issuer, settings.allow_http);
  if (!name) return std::unexpected(std::move(name.error()));
  auto fetcher = std::make_shared<Fetcher>(std::move(settings), std::move(*name), std::move(get),
                                           std::move(executor));
  return std::shared_ptr<OpenidIssuer>(new OpenidIssuer(std::move(fetcher)));
}

OpenidIssuer::OpenidIssuer(std::shared_ptr<Fetcher> fetcher) : fetcher_(std::move(fetcher)) {}
OpenidIssuer::~OpenidIssuer() = default;

KeySetPointer OpenidIssuer::current() {
  return fetcher_->current();
}

Task<KeySetPointer> OpenidIssuer::renew(KeySetPointer seen) {
  return fetcher_->renew(std::move(seen));
}

}  // namespace chartmuseum::auth
