// SPDX-License-Identifier: Apache-2.0
#include "storage/shared_fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <list>
#include <optional>
#include <string>
#include <utility>

namespace chartmuseum::storage {

namespace {

constexpr std::size_t kPiece = 128U << 10;  // read at a time: what a slow client holds of its own

}  // namespace

class SharedFetch::Reader final : public ObjectStream {
 public:
  /// With the fetch locked.
  explicit Reader(std::shared_ptr<SharedFetch> fetch) : fetch_(std::move(fetch)) {
    ++fetch_->readers_;
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() override { fetch_->leave(news_); }

  Task<Result<std::string>> next() override {
    const auto executor = co_await boost::asio::this_coro::executor;
    while (!direct_) {
      const View view = look(executor);
      if (view.start) {
        boost::asio::co_spawn(fetch_->parts_.executor, pump(fetch_), boost::asio::detached);
      }
      if (view.failure) co_return std::unexpected(*view.failure);
      if (view.readable > 0) {
        Task<Result<std::string>> reading = fetch_->parts_.landing->read(at_, view.readable);
        Result<std::string> piece = co_await std::move(reading);
        if (piece) {
          at_ += piece->size();
          co_return piece;
        }
      } else if (view.news) {
        co_await view.news->wait();
        continue;
      } else if (!view.broken) {
        co_return std::string();
      }
      // The landing is broken, the store is not.
      Task<Result<std::shared_ptr<ObjectStream>>> resuming = fetch_->parts_.resume(at_);
      auto direct = co_await std::move(resuming);
      if (!direct) co_return std::unexpected(std::move(direct.error()));
      direct_ = std::move(*direct);
    }
    Task<Result<std::string>> reading = direct_->next();
    Result<std::string> piece = co_await std::move(reading);
    if (!piece) co_return piece;
    at_ += piece->size();
    const std::uint64_t size = fetch_->info().size;
    if (at_ > size || (piece->empty() && at_ < size)) {
      co_return std::unexpected(Failure{FailureKind::unavailable, "not the size that was told"});
    }
    co_return piece;
  }

 private:
  struct View {
    bool start = false;
    bool broken = false;  // the landing is
    std::size_t readable = 0;
    std::optional<Failure> failure;
    std::shared_ptr<OneShot<bool>> news;
  };

  View look(const boost::asio::any_io_executor& executor) {
    View view;
    const std::lock_guard lock(fetch_->mutex_);
    if (fetch_->state_ == State::idle) {
      fetch_->state_ = State::running;
      view.start = true;
    }
    view.broken = fetch_->state_ == State::landing_broken;
    if (fetch_->landed_ > at_) {
      view.readable =
          static_cast<std::size_t>(std::min<std::uint64_t>(fetch_->landed_ - at_, kPiece));
    } else if (fetch_->state_ == State::failed || fetch_->state_ == State::given_up) {
      view.failure = fetch_->failure_;
    } else if (fetch_->state_ == State::running) {
      Awaited<bool> awaited(executor);
      news_ = view.news = awaited.reply;
      fetch_->waiting_.push_back(std::move(awaited));
    }
    return view;
  }

  std::shared_ptr<SharedFetch> fetch_;
  std::uint64_t at_ = 0;
  std::shared_ptr<ObjectStream> direct_;
  std::weak_ptr<OneShot<bool>> news_;  // that was waited for last
};

std::shared_ptr<SharedFetch> SharedFetch::make(Parts parts) {
  return std::make_shared<SharedFetch>(Key(), std::move(parts));
}

SharedFetch::~SharedFetch() {
  end(false);
}

std::shared_ptr<ObjectStream> SharedFetch::join() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::idle && state_ != State::running && state_ != State::whole) return nullptr;
  return std::make_shared<Reader>(shared_from_this());
}

void SharedFetch::leave(const std::weak_ptr<OneShot<bool>>& waited_for) {
  const std::lock_guard lock(mutex_);
  --readers_;
  // If its reader was cut off in the middle, nobody else would let go of it before the next piece.
  std::erase_if(waiting_, [&](const Awaited<bool>& one) {
    return !one.reply.owner_before(waited_for) && !waited_for.owner_before(one.reply);
  });
}

Task<> SharedFetch::pump(std::shared_ptr<SharedFetch> self) {
  for (bool more = true; more;) {
    Result<std::string> piece;
    try {
      Task<Result<std::string>> reading = self->parts_.source->next();
      piece = co_await std::move(reading);
    } catch (const std::exception& error) {
      piece = std::unexpected(Failure{FailureKind::unavailable, error.what()});
    }
    more = self->take(std::move(piece));
  }
  self->parts_.source.reset();
  self->end(self->state_ == State::whole);  // nobody changes a state that is final
}

void SharedFetch::end(bool whole) {
  const auto ended = std::exchange(parts_.ended, nullptr);
  if (ended) ended(whole);
}

bool SharedFetch::take(Result<std::string> piece) {
  if (!piece) {
    settle(State::failed, std::move(piece.error()));
    return false;
  }
  const std::uint64_t size = parts_.info.size;
  // landed_ is changed by this coroutine alone.
  if (piece->size() > size - landed_ || (piece->empty() && landed_ < size)) {
    settle(State::failed, {FailureKind::unavailable,
                           parts_.info.name + ": the body has not the size that was told"});
    return false;
  }
  if (piece->empty()) {
    settle(State::whole);
    return false;
  }
  if (auto appended = parts_.landing->append(*piece); !appended) {
    settle(State::landing_broken, std::move(appended.error()));
    return false;
  }
  std::list<Awaited<bool>> waiting;
  bool given_up = false;
  {
    const std::lock_guard lock(mutex_);
    landed_ += piece->size();
    waiting.swap(waiting_);
    // With all bytes here, only the store's word is missing that they are all.
    given_up = readers_ == 0 && landed_ < size;
    if (given_up) {
      state_ = State::given_up;
      failure_ = {FailureKind::unavailable, "nobody was left to read"};
    }
  }
  wake(std::move(waiting));
  return !given_up;
}

void SharedFetch::settle(State state, Failure failure) {
  std::list<Awaited<bool>> waiting;
  {
    const std::lock_guard lock(mutex_);
    state_ = state;
    failure_ = std::move(failure);
    waiting.swap(waiting_);
  }
  wake(std::move(waiting));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): they go when they are told
void SharedFetch::wake(std::list<Awaited<bool>> waiting) {
  for (const Awaited<bool>& one : waiting) one.reply->set(true);
}

}  // namespace chartmuseum::storage
