// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/body_reader.hpp"
#include "http/connection.hpp"
#include "http/request_parser.hpp"
#include "http/server.hpp"
#include "http/tls_renewal.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace chartmuseum::http {

/// What all connections of a server share. Outlives them.
struct SessionContext {
  ServerSettings settings;
  Handler handler;
  telemetry::Log log;
  std::unique_ptr<RenewedTlsContext> tls = nullptr;  // null: plain HTTP
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> refusals{0};  // connections above the limit that are being told so
  std::atomic<bool> stopping{false};
  std::atomic<bool> told_of_proxies{false};  // that one seems to be there, and is not trusted
};

using SessionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One connection from the first request to the last. Used on one thread only.
class Session : public SessionHook {
 public:
  Session(SessionContext& context, Connection::Socket socket);

  /// Answers requests until the connection ends. Never throws.
  Task<> run();
  /// Answers with 503 and closes, whatever the client asks.
  Task<> refuse();

  /// Ends what waits longer than it may.
  void sweep(Connection::Clock::time_point now) { connection_.sweep(now); }
  /// The server stops: an idle connection ends, a request in flight is the last one.
  void begin_stop();
  /// Ends the session now, wherever it is.
  void cut();
  [[nodiscard]] boost::asio::cancellation_slot cancellation_slot() { return cancel_.slot(); }

 private:
  using Clock = Connection::Clock;
  enum class Phase { idle, head, request, lingering };
  enum class Head { ready, refused, timed_out, none };

  Task<bool> open();
  Task<Head> read_head();
  Task<bool> answer(Head head);
  Task<Response> call_handler(BodyReader& body);
  Task<Io> send(Response& response);
  Task<Io> send_stream(Response& response);
  Task<> linger();
  [[nodiscard]] Response layer_response(Head head) const;
  void begin_answer();
  void find_client();
  void settle_keep_alive(const Response& response, BodyReader& body);
  [[nodiscard]] std::string_view arrived() const;
  void skip_empty_lines();
  void log(const Response& response, Io sent) const;
  void log_refusal(const TlsStream::Failure& failure) const;

  SessionContext& context_;
  Connection connection_;
  boost::asio::cancellation_signal cancel_;
  Request request_;
  std::optional<RequestParser> parser_;
  Clock::time_point head_done_;      // of this request
  Clock::time_point read_deadline_;  // of this request
  /// From the stop of the server on: how long a head that has begun, or the rest of what a client
  /// sends beside its answer, is waited for.
  Clock::time_point hasty_end_ = Clock::time_point::max();
  std::string out_;  // the head of the response
  Phase phase_ = Phase::idle;
  bool keep_alive_ = false;
  boost::asio::ip::address peer_;
  bool behind_proxy_ = false;  // the peer is a trusted one
  bool plain_on_tls_port_ = false;
  bool cut_ = false;
};

}  // namespace chartmuseum::http
