// SPDX-License-Identifier: Apache-2.0
// What a Connection does otherwise when it is encrypted.
#include "http/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace chartmuseum::http {

namespace {

/// After so many bytes from a client that sends faster than it is read, other connections have a
/// turn.
constexpr std::size_t kTurn = 2U << 20;

/// What each read counts for then, as a whole record does: a record of one byte costs not much
/// less, and messages of the client's may have come before it.
constexpr std::size_t kReadCost = TlsStream::kRecord;

/// Methods are letters (RFC 9110, 9.1); the content types of records are numbers below 32 (RFC
/// 8446, 5.1).
bool begins_a_method(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

/// Leaves the byte where it is. Io::end also where the client has gone without one: somebody looks
/// whether the port is open.
Task<Io> Connection::await_first_byte(char& first, Clock::time_point deadline) {
  for (;;) {
    const ssize_t size = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK);
    if (size > 0) co_return Io::ok;
    if (size == 0) co_return Io::end;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_return Io::failed;
    const Io waited = co_await wait(Socket::wait_read, deadline);
    if (waited != Io::ok) co_return waited;
  }
}

/// The memory for TLS is only taken once something has arrived.
Task<Opening> Connection::secure(std::shared_ptr<const TlsContext> context,
                                 Clock::time_point deadline) {
  hastened_ = Clock::time_point::max();
  char first = 0;
  if (co_await await_first_byte(first, deadline) != Io::ok) co_return Opening::none;
  if (begins_a_method(first)) co_return Opening::plain_http;
  tls_ = std::make_unique<TlsStream>(std::move(context), socket_.native_handle());
  while (tls_) {  // which abort() ends
    if (tls_->handshake() == 1) co_return Opening::secured;
    if (errno != EAGAIN) co_return Opening::refused;
    if (co_await wait_for_tls(deadline) != Io::ok) break;
  }
  co_return Opening::none;
}

Task<Io> Connection::wait_for_tls(Clock::time_point deadline) {
  return wait(tls_->waits_for_write() ? Socket::wait_write : Socket::wait_read, deadline);
}

Task<Io> Connection::read_secured(std::size_t room, Clock::time_point deadline) {
  while (tls_) {
    if (!arm(deadline)) co_return Io::timed_out;
    const auto space = input_.prepare(std::max(room, input_.capacity() - input_.size()));
    const ssize_t size = tls_->read(space.data(), space.size());
    if (size > 0) {
      input_.commit(static_cast<std::size_t>(size));
      since_turn_ += kReadCost;
      if (since_turn_ >= kTurn) {
        since_turn_ = 0;
        co_await yield();
      }
      deadline_ = Clock::time_point::max();
      co_return Io::ok;
    }
    if (size == 0 || errno != EAGAIN) {
      deadline_ = Clock::time_point::max();
      co_return size == 0 ? Io::end : Io::failed;
    }
    const Io waited = co_await wait_for_tls(deadline);
    if (waited != Io::ok) co_return waited;
  }
  co_return Io::failed;
}

}  // namespace chartmuseum::http
