// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>

namespace chartmuseum::http {

namespace asio = boost::asio;

namespace {

/// Room for the head of a usual request; what an idle connection keeps.
constexpr std::size_t kIdleInput = 2048;

constexpr auto kTuple = asio::as_tuple(asio::deferred);

}  // namespace

Connection::Connection(Socket socket) : socket_(std::move(socket)) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  input_.reserve(kIdleInput);
}

std::optional<asio::ip::address> Connection::peer_address() const {
  boost::system::error_code error;
  const auto peer = socket_.remote_endpoint(error);
  if (error) return std::nullopt;
  return peer.address();
}

Io Connection::outcome(const boost::system::error_code& error) {
  deadline_ = Clock::time_point::max();
  if (!error) return Io::ok;
  if (error == asio::error::eof) return Io::end;
  if (error == asio::error::operation_aborted && expired_) return Io::timed_out;
  return Io::failed;
}

bool Connection::arm(Clock::time_point deadline) {
  expired_ = false;
  deadline_ = std::min(deadline, hastened_);
  return deadline_ == Clock::time_point::max() || Clock::now() < deadline_;
}

Task<Io> Connection::read(std::size_t room, Clock::time_point deadline) {
  hastened_ = Clock::time_point::max();
  if (tls_) co_return co_await read_secured(room, deadline);
  if (!arm(deadline)) co_return Io::timed_out;
  // What is allocated already is used in any case.
  const auto space = input_.prepare(std::max(room, input_.capacity() - input_.size()));
  const auto [error, size] = co_await socket_.async_read_some(space, kTuple);
  input_.commit(size);
  co_return outcome(error);
}

bool Connection::read_now(std::size_t room) {
  if (tls_) {
    const auto space = input_.prepare(room);
    const ssize_t size = tls_->read(space.data(), space.size());
    input_.commit(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return size > 0;
  }
  boost::system::error_code error;
  const std::size_t size = socket_.read_some(input_.prepare(room), error);
  input_.commit(error ? 0 : size);
  return !error && size > 0;
}

Task<Io> Connection::wait(Socket::wait_type what, Clock::time_point deadline) {
  if (!arm(deadline)) co_return Io::timed_out;
  const auto [error] = co_await socket_.async_wait(what, kTuple);
  co_return outcome(error);
}

Task<Io> Connection::wait_writable(Clock::time_point deadline) {
  hastened_ = Clock::time_point::max();
  return tls_ ? wait_for_tls(deadline) : wait(Socket::wait_write, deadline);
}

Task<> Connection::yield() {
  co_await asio::post(socket_.get_executor(), asio::deferred);
}

void Connection::sweep(Clock::time_point now) {
  if (deadline_ <= now) interrupt();
}

void Connection::interrupt() {
  expired_ = true;
  deadline_ = Clock::time_point::max();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::hasten(Clock::time_point latest) {
  hastened_ = std::min(hastened_, latest);  // an operation of TLS can wait several times
  deadline_ = std::min(deadline_, latest);
}

Task<> Connection::end_output(Clock::time_point deadline) {
  hastened_ = Clock::time_point::max();
  while (tls_ && tls_->close_output() != 1 && errno == EAGAIN) {
    if (co_await wait_for_tls(deadline) != Io::ok) break;
  }
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Connection::abort() {
  tls_.reset();  // before its descriptor becomes somebody else's
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Connection::close() {
  if (tls_) static_cast<void>(tls_->close_output());
  tls_.reset();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Connection::shrink_input() {
  if (input_.size() > 0 || input_.capacity() <= kIdleInput) return;
  input_.clear();
  input_.shrink_to_fit();
  input_.reserve(kIdleInput);
}

}  // namespace chartmuseum::http
