// SPDX-License-Identifier: Apache-2.0
#include "http/session.hpp"

#include "http/access_log.hpp"
#include "http/client_address.hpp"
#include "http/response_head.hpp"
#include "http/response_writer.hpp"
#include "telemetry/request_id.hpp"

#include <algorithm>
#include <array>

namespace chartmuseum::http {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kHeadRead = 512;
constexpr std::size_t kLingerRead = 65536;
/// A body that its handler did not want is read and dropped up to this size, so that the
/// connection can be used again; a longer one costs the connection.
constexpr std::size_t kDiscardMost = 65536;
/// A client that stays silent for so long after its answer was sent is done.
constexpr auto kLingerSilence = 5s;
/// ... and for so long it is waited for where it had its time already, or the server stops.
constexpr auto kShortLinger = 1s;

Connection::Clock::time_point after(std::chrono::milliseconds timeout) {
  using Clock = Connection::Clock;
  return timeout.count() == 0 ? Clock::time_point::max() : Clock::now() + timeout;
}

/// An id that may go into a header and a log as it is.
bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         std::ranges::all_of(id, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Session::Session(SessionContext& context, Connection::Socket socket)
    : context_(context), connection_(std::move(socket)) {
  if (const auto peer = connection_.peer_address()) {
    peer_ = *peer;
    request_.client_address = client_address(peer_);
    behind_proxy_ = context_.settings.trusted_proxies.contains(peer_);
  }
}

Task<> Session::run() {
  try {
    bool more = !context_.tls || co_await open();
    while (more) {
      const Head head = co_await read_head();
      more = head != Head::none && co_await answer(head);
    }
    connection_.close();
  } catch (const std::exception& error) {
    if (!cut_) context_.log.error("Connection failed", {{"error", std::string_view(error.what())}});
    connection_.abort();
  }
}

/// The TLS handshake; true if requests can follow.
Task<bool> Session::open() {
  phase_ = Phase::head;  // a stop of the server gives it as long as a head
  const Clock::time_point deadline =
      std::min(after(context_.settings.tls.handshake_timeout), hasty_end_);
  Task<Opening> opened = connection_.secure(context_.tls->current(), deadline);
  const Opening opening = co_await std::move(opened);
  if (opening == Opening::secured) {
    request_.client_certificate = connection_.tls()->client_certificate();
    co_return true;
  }
  plain_on_tls_port_ = opening == Opening::plain_http;
  if (opening == Opening::refused) {
    log_refusal(connection_.tls()->failure());
    // The alert is sent; a reset, for what the client sends meanwhile, would take it away again.
    connection_.drop_tls();
    co_await linger();
  }
  co_return plain_on_tls_port_;
}

/// A client that has no business here is worth a line; that somebody's scanner speaks SSL 3 is not.
void Session::log_refusal(const TlsStream::Failure& failure) const {
  const auto level = failure.certificate ? telemetry::Level::info : telemetry::Level::debug;
  const std::array<telemetry::Field, 2> fields{
      {{"clientIP", std::string_view(request_.client_address)},
       {"reason", std::string_view(failure.reason)}}};
  context_.log.write(level, "TLS handshake refused", fields);
}

Task<> Session::refuse() {
  try {
    if (context_.tls && !co_await open()) co_return connection_.close();
    Response response = json_error(503, "too many connections");
    response.headers.add("Retry-After", "1");
    begin_answer();
    keep_alive_ = false;
    const Io sent = co_await send(response);
    log(response, sent);
    const Clock::time_point end = Clock::now() + kShortLinger;
    co_await connection_.end_output(end);
    co_await connection_.read(kHeadRead, end);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Cut while the server stops; the client is refused either way.
  }
  connection_.close();
}

void Session::begin_stop() {
  if (phase_ == Phase::idle) connection_.interrupt();
  hasty_end_ = Clock::now() + kShortLinger;
  if (phase_ == Phase::head || phase_ == Phase::lingering) connection_.hasten(hasty_end_);
}

void Session::cut() {
  cut_ = true;
  cancel_.emit(boost::asio::cancellation_type::terminal);
  connection_.abort();
}

std::string_view Session::arrived() const {
  const auto data = connection_.input().cdata();
  return {static_cast<const char*>(data.data()), data.size()};
}

/// Lines before a request line that some clients send after a body (RFC 9112, 2.2).
void Session::skip_empty_lines() {
  while (arrived().starts_with("\r\n")) connection_.input().consume(2);
}

Task<Session::Head> Session::read_head() {
  phase_ = Phase::idle;
  request_.headers.clear();
  request_.method = Method::get;
  request_.method_name.clear();
  request_.target = Target();
  parser_.emplace(request_, context_.settings.header_bytes);
  const Clock::time_point idle_deadline = after(context_.settings.idle_timeout);

  for (;;) {
    if (phase_ == Phase::idle) skip_empty_lines();
    if (!arrived().empty() && arrived() != "\r") {
      if (phase_ == Phase::idle) {
        phase_ = Phase::head;
        read_deadline_ = after(context_.settings.read_timeout);
      }
      std::size_t used = 0;
      const RequestParser::Progress progress = parser_->head(arrived(), used);
      connection_.input().consume(used);
      if (progress == RequestParser::Progress::ready) co_return Head::ready;
      if (progress == RequestParser::Progress::refused) co_return Head::refused;
    }
    const bool idle = phase_ == Phase::idle;
    Io io = Io::timed_out;
    if (!idle || !context_.stopping.load(std::memory_order_relaxed)) {
      io = co_await connection_.read(kHeadRead,
                                     idle ? idle_deadline : std::min(read_deadline_, hasty_end_));
    }
    // Stopping, a request that has arrived by now is the last that is answered.
    if (io == Io::timed_out && idle && context_.stopping && connection_.read_now(kHeadRead)) {
      io = Io::ok;
    }
    if (io == Io::timed_out && !idle) co_return Head::timed_out;
    if (io != Io::ok) co_return Head::none;
  }
}

/// Each request of a proxy's connection may be of another client.
void Session::find_client() {
  if (behind_proxy_) {
    request_.client_address = client_address(
        forwarded_client_address(request_.headers, peer_, context_.settings.trusted_proxies));
  } else if (context_.settings.trusted_proxies.empty() && head_done_ == Clock::time_point() &&
             request_.headers.get("X-Forwarded-For") && !context_.told_of_proxies.exchange(true)) {
    context_.log.info(
        "X-Forwarded-For is not believed; if that is your proxy, name its address "
        "with --trusted-proxies",
        {{"proxy", std::string_view(request_.client_address)}});
  }
}

void Session::begin_answer() {
  phase_ = Phase::request;
  find_client();
  head_done_ = Clock::now();
  request_.number = context_.requests.fetch_add(1, std::memory_order_relaxed) + 1;
  const auto id = request_.headers.get("X-Request-Id");
  request_.id = id && is_sane_id(*id) ? std::string(*id) : telemetry::make_request_id();
}

/// What the server answers itself, without a handler.
Response Session::layer_response(Head head) const {
  if (plain_on_tls_port_) return json_error(400, "this port speaks HTTPS: use https://");
  if (head == Head::timed_out) return json_error(408, "request timed out");
  if (head == Head::refused) {
    return json_error(parser_->refusal().status, parser_->refusal().message);
  }
  Response response;
  response.status = 204;
  response.headers.add("Allow", "GET, HEAD, POST, DELETE, OPTIONS");
  return response;
}

Task<Response> Session::call_handler(BodyReader& body) {
  request_.body = &body;
  std::string cause;
  try {
    co_return co_await context_.handler(request_);
  } catch (const std::exception& error) {
    if (cut_) throw;
    cause = error.what();
  } catch (...) {
    cause = "unknown exception";
  }
  Response response = json_error(500, "internal server error");
  response.log_comment = std::move(cause);
  co_return response;
}

/// True if another request may follow.
Task<bool> Session::answer(Head head) {
  begin_answer();
  BodyReader body(connection_, *parser_, read_deadline_);
  Response response;
  if (head == Head::ready && !parser_->concerns_server() && !plain_on_tls_port_) {
    response = co_await call_handler(body);
    body.release();
    satisfy_conditions(request_, response);
  } else {
    response = layer_response(head);
  }
  keep_alive_ = head == Head::ready || (head == Head::refused && !parser_->refusal().closes);
  if (plain_on_tls_port_) keep_alive_ = false;
  if (keep_alive_) settle_keep_alive(response, body);

  const Io sent = co_await send(response);
  log(response, sent);
  if (sent != Io::ok) {
    connection_.abort();
    co_return false;
  }
  response = Response();  // gives back what the body holds before the next request is waited for
  if (keep_alive_ && !body.complete()) keep_alive_ = co_await body.discard(kDiscardMost);
  if (!keep_alive_) {
    co_await linger();
    co_return false;
  }
  connection_.shrink_input();
  co_return true;
}

void Session::settle_keep_alive(const Response& response, BodyReader& body) {
  keep_alive_ = parser_->keeps_alive() && !context_.stopping.load(std::memory_order_relaxed) &&
                !response.headers.lists("Connection", "close");
  if (!keep_alive_ || body.complete() || body.discard_arrived(kDiscardMost)) return;
  const auto left = body.left();
  keep_alive_ = !body.failed() && !body.withheld_continue() && left && *left <= kDiscardMost;
}

Task<Io> Session::send(Response& response) {
  if (std::holds_alternative<BodyStream>(response.body)) co_return co_await send_stream(response);
  const bool has_body = request_.method != Method::head;
  out_.clear();
  append_head(out_, response,
              {.keep_alive = keep_alive_,
               .http11 = parser_ && parser_->http11(),
               .secure = connection_.tls() != nullptr},
              request_.id);
  if (!has_body || response.status == 204 || response.status == 304) {
    response.body = std::monostate();
  }
  ResponseWriter writer(connection_, after(context_.settings.write_timeout));
  co_return co_await writer.send(out_, response.body);
}

Task<Io> Session::send_stream(Response& response) {
  const BodyStream stream = std::get<BodyStream>(response.body);
  const bool has_body = request_.method != Method::head;
  std::string first;
  if (has_body) {
    auto piece = co_await stream.source->next();
    if (!piece) {  // nothing is sent yet: the client can still be told
      const std::string comment = std::move(response.log_comment);
      response = json_error(502, "the storage failed");
      response.log_comment = comment;
      co_return co_await send(response);
    }
    first = std::move(*piece);
  }
  const bool chunked = !stream.length && parser_->http11();
  if (!stream.length && !chunked) keep_alive_ = false;
  out_.clear();
  append_head(out_, response,
              {.chunked = chunked,
               .keep_alive = keep_alive_,
               .http11 = parser_->http11(),
               .secure = connection_.tls() != nullptr},
              request_.id);
  ResponseWriter writer(connection_, after(context_.settings.write_timeout));
  if (!has_body) co_return co_await writer.send(out_, std::monostate());
  co_return co_await writer.send_stream(out_, stream, std::move(first), chunked);
}

/// Closes so that the client gets to read the response: whoever closes while bytes arrive sends a
/// reset, and that takes the response away from a client that is still sending (RFC 9112, 9.6).
Task<> Session::linger() {
  phase_ = Phase::lingering;
  const bool brief = context_.stopping || Clock::now() >= read_deadline_;
  const auto most = brief ? kShortLinger : context_.settings.linger_timeout;
  const Clock::time_point end = Clock::now() + most;
  hasty_end_ = Clock::time_point::max();  // a stop while this lingers sets it again
  co_await connection_.end_output(end);
  Io io = Io::ok;
  while (io == Io::ok) {
    connection_.input().clear();
    const Clock::time_point silent = Clock::now() + kLingerSilence;
    io = co_await connection_.read(kLingerRead, std::min(std::min(end, hasty_end_), silent));
  }
}

void Session::log(const Response& response, Io sent) const {
  if (!response.log) return;
  std::string_view comment = response.log_comment;
  if (sent == Io::timed_out) comment = "write timeout: the client reads too slowly";
  if (sent == Io::failed) comment = "the connection broke before the response was sent";
  const bool known = !request_.target.path().empty();
  std::string_view path = request_.target.path();
  if (!known && parser_) {
    // As far as it can hold no secret: neither a query nor what may be a user's password.
    path = parser_->raw_target();
    path = path.substr(0, path.find('?'));
    if (!path.starts_with('/')) path = path.substr(0, path.find_first_of(":@"));
  }
  log_access(context_.log, request_, path, response.status, comment, Clock::now() - head_done_,
             context_.settings.log_latency_integer);
}

}  // namespace chartmuseum::http
