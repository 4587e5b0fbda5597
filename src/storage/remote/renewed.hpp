// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "storage/awaited.hpp"
#include "storage/failure.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

/// A value and when it ends.
template <class T>
struct Expiring {
  T value;
  std::chrono::system_clock::time_point expires = std::chrono::system_clock::time_point::max();
};

/// A value that ends, such as credentials: fetched when it is first asked for, and again some time
/// before its end; by one caller at a time, on whom the others wait if they must. While a value is
/// still good, a failure to renew it is nobody's. Thread-safe.
template <class T>
class Renewed {
 public:
  using Clock = std::chrono::system_clock;
  using Fetch = std::function<Task<Result<Expiring<T>>>()>;

  /// `early`: how long before its end a value is renewed.
  explicit Renewed(Fetch fetch, std::chrono::seconds early = std::chrono::minutes(5),
                   std::function<Clock::time_point()> now = Clock::now)
      : fetch_(std::move(fetch)), early_(early), now_(std::move(now)) {}

  Task<Result<T>> get() {
    for (;;) {
      auto waiting = std::make_shared<Waiting>(co_await boost::asio::this_coro::executor);
      {
        const std::lock_guard lock(mutex_);
        if (is_good() && (fetching_ || now_() < renew_at_)) co_return current_->value;
        if (fetching_) {
          waiting_.push_back(waiting);
        } else {
          fetching_ = true;
          waiting = nullptr;
        }
      }
      if (!waiting) break;
      Task<std::optional<Failure>> waiting_for_it = waiting->reply->wait();
      auto failure = co_await std::move(waiting_for_it);
      if (failure) co_return std::unexpected(std::move(*failure));
    }
    Turn turn(*this);
    Task<Result<Expiring<T>>> fetching = fetch_();
    Result<Expiring<T>> fetched = co_await std::move(fetching);
    if (!fetched) {
      // If it is this caller who was cancelled, that is no failure of the others.
      const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
      if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
        co_return std::unexpected(std::move(fetched.error()));
      }
    }
    co_return turn.end(std::move(fetched));
  }

  /// The service refuses the value: it is fetched anew when it is next asked for.
  void forget() {
    const std::lock_guard lock(mutex_);
    current_.reset();
  }

 private:
  using Waiting = Awaited<std::optional<Failure>>;

  /// Of the one who fetches. However it ends, cancelled too, the others go on.
  class Turn {
   public:
    explicit Turn(Renewed& renewed) : renewed_(renewed) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      const std::lock_guard lock(renewed_.mutex_);
      renewed_.fetching_ = false;
      for (const auto& waiting : renewed_.waiting_) waiting->reply->set(failure_);
      renewed_.waiting_.clear();
    }

    Result<T> end(Result<Expiring<T>> fetched) {
      const std::lock_guard lock(renewed_.mutex_);
      if (fetched) {
        renewed_.keep(*fetched);
        return std::move(fetched->value);
      }
      if (renewed_.is_good()) {
        renewed_.renew_at_ = renewed_.now_() + kPause;
        return renewed_.current_->value;
      }
      failure_ = fetched.error();
      return std::unexpected(std::move(fetched.error()));
    }

   private:
    Renewed& renewed_;
    std::optional<Failure> failure_;
  };

  static constexpr std::chrono::seconds kPause{30};  // between attempts while the value is good

  [[nodiscard]] bool is_good() const { return current_ && now_() < current_->expires; }

  void keep(const Expiring<T>& fetched) {
    current_ = fetched;
    renew_at_ = Clock::time_point::max();
    if (fetched.expires == Clock::time_point::max()) return;
    // Of one that does not last, half of its time.
    const auto left = fetched.expires - now_();
    renew_at_ = fetched.expires - std::min<Clock::duration>(early_, left / 2);
  }

  const Fetch fetch_;
  const std::chrono::seconds early_;
  const std::function<Clock::time_point()> now_;

  std::mutex mutex_;
  std::optional<Expiring<T>> current_;
  Clock::time_point renew_at_;
  bool fetching_ = false;
  std::vector<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace chartmuseum::storage
