// SPDX-License-Identifier: Apache-2.0
#include "http/body_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace chartmuseum::http {

namespace {

constexpr std::size_t kLeastRead = 512;
constexpr std::size_t kMostRead = 65536;

std::string_view arrived(Connection& connection) {
  const auto data = connection.input().cdata();
  return {static_cast<const char*>(data.data()), data.size()};
}

}  // namespace

bool BodyReader::withheld_continue() const {
  return parser_.expects_continue() && !continue_sent_ && total_ == 0 && !parser_.complete();
}

std::unexpected<BodyFailure> BodyReader::fail(BodyFailure failure) {
  failure_ = failure;
  return std::unexpected(failure);
}

void BodyReader::release() {
  connection_.input().consume(lent_);
  lent_ = 0;
}

Task<Io> BodyReader::send_continue() {
  continue_sent_ = true;
  std::string_view rest = "HTTP/1.1 100 Continue\r\n\r\n";
  while (!rest.empty()) {
    TlsStream* const tls = connection_.tls();
    const ssize_t sent =
        tls != nullptr ? tls->write(rest)
                       : ::send(connection_.descriptor(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      const Io waited = co_await connection_.wait_writable(deadline_);
      if (waited != Io::ok) co_return waited;
    } else if (errno != EINTR) {
      co_return Io::failed;
    }
  }
  co_return Io::ok;
}

Task<std::expected<std::string_view, BodyFailure>> BodyReader::next(std::uint64_t limit) {
  release();
  if (failure_) co_return std::unexpected(*failure_);
  if (parser_.length().value_or(0) > limit) co_return fail(BodyFailure::too_large);
  Io io = Io::ok;
  if (withheld_continue() && connection_.input().size() == 0) io = co_await send_continue();
  while (io == Io::ok) {
    const RequestParser::Progress progress = parser_.body(arrived(connection_), lent_);
    if (progress == RequestParser::Progress::refused) co_return fail(BodyFailure::malformed);
    total_ += parser_.chunk().size();
    if (total_ > limit) co_return fail(BodyFailure::too_large);
    if (!parser_.chunk().empty()) co_return parser_.chunk();
    release();
    if (parser_.complete()) co_return std::string_view();
    if (progress == RequestParser::Progress::needs_more) {
      const std::uint64_t left = parser_.length_left().value_or(kMostRead);
      io = co_await connection_.read(std::clamp<std::uint64_t>(left, kLeastRead, kMostRead),
                                     deadline_);
    }
  }
  if (io == Io::timed_out) co_return fail(BodyFailure::timed_out);
  // A half-closed connection can still be told that its body is too short.
  co_return fail(io == Io::end ? BodyFailure::malformed : BodyFailure::closed);
}

bool BodyReader::discard_arrived(std::size_t most) {
  release();
  if (failure_) return false;
  std::size_t dropped = 0;
  while (!parser_.complete() && dropped < most) {
    const RequestParser::Progress progress = parser_.body(arrived(connection_), lent_);
    dropped += lent_;
    release();
    if (progress != RequestParser::Progress::ready) return false;
  }
  return parser_.complete();
}

Task<bool> BodyReader::discard(std::uint64_t limit) {
  const std::uint64_t most = limit > UINT64_MAX - total_ ? UINT64_MAX : total_ + limit;
  for (;;) {
    const auto bytes = co_await next(most);
    if (!bytes) co_return false;
    if (bytes->empty()) co_return true;
  }
}

Task<std::expected<Spool, BodyFailure>> read_body(RequestBody& body, std::uint64_t limit,
                                                  SpoolMemory memory) {
  Spool spool(std::move(memory));
  for (;;) {
    const auto bytes = co_await body.next(limit);
    if (!bytes) co_return std::unexpected(bytes.error());
    if (bytes->empty()) co_return std::move(spool);
    if (!spool.append(*bytes)) co_return std::unexpected(BodyFailure::no_space);
  }
}

}  // namespace chartmuseum::http
