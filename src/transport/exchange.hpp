// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "transport/failure.hpp"
#include "transport/headers.hpp"
#include "transport/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum::transport {

/// A request and what has come of it: where the client's thread, which fills it, and the coroutine
/// that waits for it meet. Everything shared is behind one mutex, which is held for no more than
/// copying a piece.
class Exchange {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Delivery { whole, streamed };

  Exchange(Request request, Delivery delivery, std::size_t window);

  // For either side.
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] Delivery delivery() const { return delivery_; }
  /// "GET https://host/path: reason"
  [[nodiscard]] Failure failure(FailureKind kind, std::string_view reason) const;

  // For the client's thread.
  /// Bytes of the request's body, written to `into`. Nothing if they cannot be read, or nobody
  /// waits any more.
  [[nodiscard]] std::optional<std::size_t> read_body(std::uint64_t offset, std::span<char> into);
  /// A line of a head with its line feed; an empty one ends the head. False if there is too much.
  [[nodiscard]] bool add_head_line(std::string_view line);
  enum class Taken { yes, later, never };
  [[nodiscard]] Taken add_body(std::string_view bytes);
  /// The end: the whole response is there, or there is a failure. The first one counts.
  void finish(std::optional<Failure> failure);
  [[nodiscard]] bool abandoned() const;
  /// Whether the consumer has made room since add_body() said `later`; once for each time.
  [[nodiscard]] bool take_resumption();
  /// Until when it has to be answered, if that still matters.
  [[nodiscard]] std::optional<Clock::time_point> deadline() const;

  // For the coroutine that waits.
  /// Lets go: what is borrowed for the request's body is not looked at again.
  void abandon();
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] bool has_head() const;   // or has ended
  [[nodiscard]] bool has_piece() const;  // or has ended
  /// Once it has ended: what came, or why nothing did.
  [[nodiscard]] Result<Response> take_response();
  /// Once it has a head: status and headers.
  [[nodiscard]] Result<Response> take_head();
  struct Piece {
    std::string bytes;     // empty at the end
    bool resumed = false;  // the client's thread has to be told
  };
  [[nodiscard]] Result<Piece> take_piece();

  /// Waits for changes. It stands in the frame of the coroutine, so that nothing of the coroutine's
  /// io_context is kept by the exchange, which the client's thread may hold longer.
  class Waiter {
   public:
    Waiter(Exchange& exchange, const boost::asio::any_io_executor& executor);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    /// False if the wait was cancelled.
    Task<bool> until(std::function<bool()> holds);

   private:
    friend class Exchange;
    Exchange& exchange_;
    boost::asio::experimental::concurrent_channel<void(boost::system::error_code)> changes_;
  };

 private:
  void notify();  // with the mutex held
  [[nodiscard]] bool is_final_head() const;

  const Request request_;
  const Delivery delivery_;
  const std::size_t window_;
  const Clock::time_point deadline_;

  mutable std::mutex mutex_;
  Response response_;  // a stream's body: what has not been taken
  std::size_t head_size_ = 0;
  std::uint64_t received_ = 0;
  std::optional<Failure> failure_;
  Waiter* waiter_ = nullptr;
  bool head_ended_ = false;
  bool ended_ = false;
  bool abandoned_ = false;
  bool paused_ = false;
  bool resumption_ = false;
};

}  // namespace chartmuseum::transport
