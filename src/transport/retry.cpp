// SPDX-License-Identifier: Apache-2.0
#include "transport/retry.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <system_error>
#include <utility>

namespace chartmuseum::transport {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

double random_part() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

template <class T>
bool may_go_better(const Result<T>& result, bool idempotent) {
  if (!result) return transport::may_go_better(result.error().kind, idempotent);
  return idempotent && transport::may_go_better(result->status);
}

template <class T>
std::optional<milliseconds> asked_for(const Result<T>& result) {
  if (!result) return std::nullopt;
  const auto value = result->headers.get("retry-after");
  return value ? parse_retry_after(*value, std::chrono::system_clock::now()) : std::nullopt;
}

/// How long to wait before the next attempt; nothing if there is none.
template <class T>
std::optional<milliseconds> pause_after(const Result<T>& result, const RetryPolicy& policy,
                                        unsigned attempt, bool idempotent,
                                        Clock::time_point begin) {
  if (attempt >= policy.attempts || !may_go_better(result, idempotent)) return std::nullopt;
  const milliseconds delay = retry_delay(policy, attempt, random_part(), asked_for(result));
  if (Clock::now() + delay >= begin + policy.total) return std::nullopt;
  return delay;
}

template <class T>
using Sending = Task<Result<T>> (Client::*)(Request);

template <class T>
Task<Result<T>> repeat(Client& client, Sending<T> send, Request request, RetryPolicy policy) {
  const auto begin = Clock::now();
  const bool idempotent = policy.may_repeat_any || is_idempotent(request.method);
  for (unsigned attempt = 1;; ++attempt) {
    Task<Result<T>> task = (client.*send)(request);
    Result<T> result = co_await std::move(task);
    const auto delay = pause_after(result, policy, attempt, idempotent, begin);
    if (!delay) co_return result;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, *delay);
    boost::system::error_code error;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error) {
      co_return std::unexpected(Failure{FailureKind::cancelled, "cancelled between two attempts"});
    }
  }
}

}  // namespace

milliseconds retry_delay(const RetryPolicy& policy, unsigned attempt, double random,
                         std::optional<milliseconds> retry_after) {
  const double doubled = std::ldexp(static_cast<double>(policy.first.count()),
                                    static_cast<int>(std::min(attempt, 64U)) - 1);
  const double bound = std::min(doubled, static_cast<double>(policy.longest.count()));
  const milliseconds delay(static_cast<std::int64_t>(bound * random));
  return std::max(delay, retry_after.value_or(milliseconds{0}));
}

std::optional<milliseconds> parse_retry_after(std::string_view value,
                                              std::chrono::system_clock::time_point now) {
  constexpr std::chrono::seconds longest = std::chrono::hours{24};
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc()) return longest;
    return std::min(std::chrono::seconds(seconds), longest);
  }
  const std::time_t date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto left =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::from_time_t(date) - now);
  return std::clamp(left, std::chrono::seconds{0}, longest);
}

bool is_idempotent(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
    if (method == known) return true;
  }
  return false;
}

bool may_go_better(unsigned status) {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool may_go_better(FailureKind kind, bool idempotent) {
  switch (kind) {
    case FailureKind::busy:  // nothing was sent
    case FailureKind::unresolved:
    case FailureKind::unreachable:
      return true;
    case FailureKind::timed_out:
    case FailureKind::broken:
      return idempotent;
    default:
      return false;
  }
}

Task<Result<Response>> send_with_retries(Client& client, Request request, RetryPolicy policy) {
  return repeat<Response>(client, &Client::send, std::move(request), policy);
}

Task<Result<StreamedResponse>> open_with_retries(Client& client, Request request,
                                                 RetryPolicy policy) {
  return repeat<StreamedResponse>(client, &Client::open, std::move(request), policy);
}

}  // namespace chartmuseum::transport
