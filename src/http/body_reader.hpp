// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/connection.hpp"
#include "http/request.hpp"
#include "http/request_parser.hpp"

#include <cstdint>
#include <optional>

namespace chartmuseum::http {

/// The body of the request whose head `parser` has just read from `connection`.
class BodyReader final : public RequestBody {
 public:
  /// `deadline` is that of the whole request.
  BodyReader(Connection& connection, RequestParser& parser, Connection::Clock::time_point deadline)
      : connection_(connection), parser_(parser), deadline_(deadline) {}

  Task<std::expected<std::string_view, BodyFailure>> next(std::uint64_t limit) override;

  /// Takes back what next() lent, once its caller is done: a handler that stops in the middle of a
  /// body must not leave bytes that the next request would seem to begin with.
  void release();

  /// Drops what has arrived of the body already, up to `most` bytes; true if that was the rest.
  [[nodiscard]] bool discard_arrived(std::size_t most);
  /// Reads and drops the rest.
  Task<bool> discard(std::uint64_t limit);

  /// Whether all of the body has been read.
  [[nodiscard]] bool complete() const { return parser_.complete(); }
  /// Whether next() has failed.
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  /// Whether a client that waits for "100 Continue" was never told to.
  [[nodiscard]] bool withheld_continue() const;
  /// Bytes that are still to come; nothing if that is not known.
  [[nodiscard]] std::optional<std::uint64_t> left() const { return parser_.length_left(); }

 private:
  std::unexpected<BodyFailure> fail(BodyFailure failure);
  Task<Io> send_continue();

  Connection& connection_;
  RequestParser& parser_;
  Connection::Clock::time_point deadline_;
  std::uint64_t total_ = 0;  // bytes of content so far
  std::size_t lent_ = 0;     // of the input, to the caller of next()
  bool continue_sent_ = false;
  std::optional<BodyFailure> failure_;
};

}  // namespace chartmuseum::http
