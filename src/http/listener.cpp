// SPDX-License-Identifier: Apache-2.0
#include "http/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <memory>
#include <pthread.h>
#include <sys/socket.h>

namespace chartmuseum::http {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

/// Often enough that no timeout comes late by more than an eighth or a quarter of a second.
std::chrono::milliseconds tick_of(const ServerSettings& settings) {
  std::chrono::milliseconds tick = 250ms;
  for (const auto timeout : {settings.read_timeout, settings.write_timeout, settings.idle_timeout,
                             settings.tls.handshake_timeout}) {
    if (timeout.count() > 0) tick = std::min(tick, timeout / 8);
  }
  return std::max(tick, 5ms);
}

Task<> run_session(std::shared_ptr<Session> session) {
  co_await session->run();
}
Task<> refuse_session(std::shared_ptr<Session> session) {
  co_await session->refuse();
}

}  // namespace

Listener::Listener(SessionContext& context)
    : context_(context),
      io_(1),
      acceptor_(io_),
      ticker_(io_),
      pause_(io_),
      tick_(tick_of(context.settings)) {}

Listener::~Listener() {
  join();
}

Listener::Endpoint Listener::bind(const Endpoint& endpoint) {
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>(true));
  if (endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
    acceptor_.set_option(asio::ip::v6_only(false));
  }
  acceptor_.bind(endpoint);
  acceptor_.listen();
  acceptor_.non_blocking(true);
  return acceptor_.local_endpoint();
}

void Listener::start() {
  asio::co_spawn(io_, accept(), asio::detached);
  thread_ = std::thread([this] { run(); });
}

void Listener::run() {
  // sendfile(2) to a connection that the client has reset raises SIGPIPE in this thread.
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  for (bool running = true; running;) {
    try {
      io_.run();
      running = false;
    } catch (const std::exception& error) {
      context_.log.error("Unexpected failure", {{"error", std::string_view(error.what())}});
    }
  }
  end_.set_value();
}

Task<> Listener::accept() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::deferred));
    if (!error) {
      admit(std::move(socket));
    } else if (error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
               error == asio::error::no_memory ||
               error == boost::system::errc::too_many_files_open_in_system) {
      context_.log.error("Cannot accept connections",
                         {{"error", std::string_view(error.message())}});
      pause_.expires_after(500ms);
      co_await pause_.async_wait(asio::as_tuple(asio::deferred));
    }
  }
}

/// Whatever goes wrong with one connection, the next is accepted.
void Listener::admit(Connection::Socket socket) {
  try {
    open(std::move(socket));
  } catch (const std::exception& error) {
    context_.log.error("Cannot serve a connection", {{"error", std::string_view(error.what())}});
  }
}

void Listener::open(Connection::Socket socket) {
  if (cut_) return;
  const bool full = context_.connections.load() >= context_.settings.connections;
  if (full && context_.refusals.load() >= context_.settings.refusals) return;
  auto session = std::make_shared<Session>(context_, std::move(socket));
  sessions_.push_back(*session);
  const auto slot = session->cancellation_slot();
  if (full) {
    ++context_.refusals;
    const auto closed = [this](const std::exception_ptr&) { --context_.refusals; };
    asio::co_spawn(io_, refuse_session(std::move(session)),
                   asio::bind_cancellation_slot(slot, closed));
  } else {
    ++context_.connections;
    const auto closed = [this](const std::exception_ptr&) {
      --context_.connections;
      if (context_.stopping) ticker_.cancel();  // perhaps the last that the thread waits for
    };
    asio::co_spawn(io_, run_session(std::move(session)),
                   asio::bind_cancellation_slot(slot, closed));
  }
  if (!std::exchange(ticking_, true)) asio::co_spawn(io_, sweep(), asio::detached);
}

Task<> Listener::sweep() {
  while (!sessions_.empty()) {
    ticker_.expires_after(tick_);
    co_await ticker_.async_wait(asio::as_tuple(asio::deferred));
    const auto now = Connection::Clock::now();
    for (Session& session : sessions_) session.sweep(now);
  }
  ticking_ = false;
}

/// What the kernel has accepted for this socket would be reset with it.
void Listener::accept_arrived() {
  boost::system::error_code error;
  while (!error) {
    Connection::Socket socket(io_);
    acceptor_.accept(socket, error);
    if (!error) admit(std::move(socket));
  }
}

void Listener::begin_stop() {
  asio::post(io_, [this] {
    accept_arrived();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (Session& session : sessions_) session.begin_stop();
  });
}

bool Listener::ended(std::chrono::steady_clock::time_point deadline) {
  return ended_.wait_until(deadline) == std::future_status::ready;
}

void Listener::cut() {
  asio::post(io_, [this] {
    cut_ = true;
    for (Session& session : sessions_) session.cut();
  });
}

void Listener::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace chartmuseum::http
