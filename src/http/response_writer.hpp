// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/connection.hpp"
#include "http/response.hpp"

#include <cstddef>
#include <string_view>

namespace chartmuseum::http {

/// Sends one response. Writes straight to the socket and waits only when it takes no more, so
/// that a small response is one system call and no trip through the event loop.
class ResponseWriter {
 public:
  /// `deadline` is that of the whole response.
  ResponseWriter(Connection& connection, Connection::Clock::time_point deadline)
      : connection_(connection), deadline_(deadline) {}

  /// Everything but a stream.
  Task<Io> send(std::string_view head, const Body& body);

  /// A stream of which `first` was had already (empty: it is at its end). Io::failed also if the
  /// source fails, or gives more or less than `stream.length`.
  Task<Io> send_stream(std::string_view head, const BodyStream& stream, std::string first,
                       bool chunked);

 private:
  struct Gather;
  enum class More { follows, nothing };

  Task<Io> send_gather(Gather gather, More more);
  Task<Io> send_file(const FileRange& range);
  /// After a write: takes part in the deadline and lets others have a turn.
  Task<Io> pause(bool blocked);

  Connection& connection_;
  Connection::Clock::time_point deadline_;
  std::size_t since_turn_ = 0;  // bytes sent since others had a turn
};

}  // namespace chartmuseum::http
