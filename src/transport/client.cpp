// SPDX-License-Identifier: Apache-2.0
#include "transport/client.hpp"

#include "transport/engine.hpp"
#include "transport/exchange.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>
#include <utility>

namespace chartmuseum::transport {
namespace {

/// Gives an exchange up where the coroutine that waits for it ends early, in whatever way.
class GivingUp {
 public:
  GivingUp(std::shared_ptr<Engine> engine, std::shared_ptr<Exchange> exchange)
      : engine_(std::move(engine)), exchange_(std::move(exchange)) {}
  ~GivingUp() {
    if (!exchange_) return;
    exchange_->abandon();
    if (!exchange_->has_ended()) engine_->attend(exchange_);
  }
  GivingUp(const GivingUp&) = delete;
  GivingUp& operator=(const GivingUp&) = delete;

  void release() { exchange_.reset(); }

 private:
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Exchange> exchange_;
};

Failure cancelled(const Exchange& exchange) {
  return exchange.failure(FailureKind::cancelled, "cancelled");
}

// These keep the engine in their frames, not the client: they may outlive it.

Task<Result<Response>> send_by(std::shared_ptr<Engine> engine, Request request) {
  const auto exchange = std::make_shared<Exchange>(std::move(request), Exchange::Delivery::whole,
                                                   engine->settings().stream_window);
  Exchange::Waiter waiter(*exchange, co_await boost::asio::this_coro::executor);
  GivingUp giving_up(engine, exchange);
  if (auto refused = engine->submit(exchange)) co_return std::unexpected(*std::move(refused));
  Task<bool> ended = waiter.until([&exchange] { return exchange->has_ended(); });
  const bool has_ended = co_await std::move(ended);
  if (!has_ended) co_return std::unexpected(cancelled(*exchange));
  co_return exchange->take_response();
}

Task<Result<StreamedResponse>> open_by(std::shared_ptr<Engine> engine, Request request) {
  const auto exchange = std::make_shared<Exchange>(std::move(request), Exchange::Delivery::streamed,
                                                   engine->settings().stream_window);
  Exchange::Waiter waiter(*exchange, co_await boost::asio::this_coro::executor);
  GivingUp giving_up(engine, exchange);
  if (auto refused = engine->submit(exchange)) co_return std::unexpected(*std::move(refused));
  Task<bool> began = waiter.until([&exchange] { return exchange->has_head(); });
  const bool has_begun = co_await std::move(began);
  if (!has_begun) co_return std::unexpected(cancelled(*exchange));
  auto head = exchange->take_head();
  if (!head) co_return std::unexpected(std::move(head.error()));
  giving_up.release();
  co_return StreamedResponse{head->status, std::move(head->headers),
                             std::make_unique<ResponseStream>(engine, exchange)};
}

}  // namespace

ResponseStream::ResponseStream(std::shared_ptr<Engine> engine, std::shared_ptr<Exchange> exchange)
    : engine_(std::move(engine)), exchange_(std::move(exchange)) {}

ResponseStream::~ResponseStream() {
  const GivingUp ended(engine_, exchange_);
}

Task<Result<std::string>> ResponseStream::next() {
  Exchange::Waiter waiter(*exchange_, co_await boost::asio::this_coro::executor);
  Task<bool> came = waiter.until([this] { return exchange_->has_piece(); });
  const bool has_come = co_await std::move(came);
  if (!has_come) co_return std::unexpected(cancelled(*exchange_));
  auto piece = exchange_->take_piece();
  if (!piece) co_return std::unexpected(std::move(piece.error()));
  if (piece->resumed) engine_->attend(exchange_);
  co_return std::move(piece->bytes);
}

Client::Client(ClientSettings settings) : engine_(std::make_shared<Engine>(std::move(settings))) {}

Client::~Client() {
  engine_->stop();
}

Task<Result<Response>> Client::send(Request request) {
  return send_by(engine_, std::move(request));
}

Task<Result<StreamedResponse>> Client::open(Request request) {
  return open_by(engine_, std::move(request));
}

}  // namespace chartmuseum::transport
