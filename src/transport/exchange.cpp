// SPDX-License-Identifier: Apache-2.0
#include "transport/exchange.hpp"

#include "transport/url.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <utility>

namespace chartmuseum::transport {
namespace {

constexpr std::size_t longest_head = 64UL * 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white_space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

/// "HTTP/1.1 200 OK", "HTTP/2 200"
unsigned status_in(std::string_view line) {
  unsigned status = 0;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view digits = line.substr(space + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

Request with_redirects_allowed(Request request) {
  if (request.method != "GET" && request.method != "HEAD") request.redirects = 0;
  return request;
}

}  // namespace

Exchange::Exchange(Request request, Delivery delivery, std::size_t window)
    : request_(with_redirects_allowed(std::move(request))),
      delivery_(delivery),
      window_(window),
      deadline_(Clock::now() + request_.timeouts.whole) {}

Failure Exchange::failure(FailureKind kind, std::string_view reason) const {
  std::string detail = is_token(request_.method) ? request_.method : "(no method)";
  detail.append(" ").append(redacted(request_.url)).append(": ").append(reason);
  return {kind, std::move(detail)};
}

std::optional<std::size_t> Exchange::read_body(std::uint64_t offset, std::span<char> into) {
  const std::lock_guard lock(mutex_);
  if (abandoned_) return std::nullopt;
  return request_.body->read(offset, into);
}

bool Exchange::add_head_line(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (head_ended_) return true;  // a trailer; nobody asks for any
  head_size_ += line.size();
  if (head_size_ > longest_head) {
    failure_ = failure(FailureKind::too_large, "the response's head is too large");
    return false;
  }
  const std::string_view text = trimmed(line);
  if (text.starts_with("HTTP/")) {  // also behind an interim response, or a redirect
    response_.status = status_in(text);
    response_.headers.clear();
  } else if (text.empty()) {
    head_ended_ = is_final_head();
    if (head_ended_) notify();
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    response_.headers.add(std::string(trimmed(text.substr(0, colon))),
                          std::string(trimmed(text.substr(colon + 1))));
  }
  return true;
}

bool Exchange::is_final_head() const {
  const bool redirect =
      response_.status / 100 == 3 && response_.headers.get("location").has_value();
  return response_.status >= 200 && !(redirect && request_.redirects > 0);
}

Exchange::Taken Exchange::add_body(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (abandoned_) return Taken::never;
  // A redirect's body, which is nobody's; or the last one's, which is not followed any more.
  if (!head_ended_) return Taken::yes;
  if (delivery_ == Delivery::streamed && !response_.body.empty() &&
      response_.body.size() + bytes.size() > window_) {
    paused_ = true;
    return Taken::later;
  }
  received_ += bytes.size();
  if (received_ > request_.response_limit) {
    failure_ =
        failure(FailureKind::too_large, "the response's body is larger than " +
                                            std::to_string(request_.response_limit) + " bytes");
    return Taken::never;
  }
  response_.body += bytes;
  if (delivery_ == Delivery::streamed) notify();
  return Taken::yes;
}

void Exchange::finish(std::optional<Failure> failure) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  if (!failure_) failure_ = std::move(failure);
  ended_ = true;
  notify();
}

bool Exchange::abandoned() const {
  const std::lock_guard lock(mutex_);
  return abandoned_;
}

bool Exchange::take_resumption() {
  const std::lock_guard lock(mutex_);
  return std::exchange(resumption_, false);
}

std::optional<Exchange::Clock::time_point> Exchange::deadline() const {
  const std::lock_guard lock(mutex_);
  if (delivery_ == Delivery::streamed && head_ended_) return std::nullopt;
  return deadline_;
}

void Exchange::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  waiter_ = nullptr;  // whose frame may be on its way out
}

bool Exchange::has_ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool Exchange::has_head() const {
  const std::lock_guard lock(mutex_);
  return ended_ || head_ended_;
}

bool Exchange::has_piece() const {
  const std::lock_guard lock(mutex_);
  return ended_ || !response_.body.empty();
}

Result<Response> Exchange::take_response() {
  const std::lock_guard lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  return std::move(response_);
}

Result<Response> Exchange::take_head() {
  const std::lock_guard lock(mutex_);
  if (failure_ && !head_ended_) return std::unexpected(*failure_);
  return Response{response_.status, std::move(response_.headers), {}};
}

Result<Exchange::Piece> Exchange::take_piece() {
  const std::lock_guard lock(mutex_);
  // What came before a failure comes first: who can ask for the rest goes on behind it.
  if (failure_ && response_.body.empty()) return std::unexpected(*failure_);
  Piece piece{std::exchange(response_.body, {}), std::exchange(paused_, false)};
  resumption_ = resumption_ || piece.resumed;
  return piece;
}

void Exchange::notify() {
  if (waiter_ != nullptr) waiter_->changes_.try_send(boost::system::error_code());
}

Exchange::Waiter::Waiter(Exchange& exchange, const boost::asio::any_io_executor& executor)
    : exchange_(exchange), changes_(executor, 1) {
  const std::lock_guard lock(exchange_.mutex_);
  exchange_.waiter_ = this;
}

Exchange::Waiter::~Waiter() {
  const std::lock_guard lock(exchange_.mutex_);
  exchange_.waiter_ = nullptr;
}

Task<bool> Exchange::Waiter::until(std::function<bool()> holds) {
  try {
    while (!holds()) {
      boost::system::error_code error;
      co_await changes_.async_receive(
          boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return false;
    }
    co_return true;
  } catch (const boost::system::system_error&) {  // cancelled before it began to wait
    co_return false;
  }
}

}  // namespace chartmuseum::transport
