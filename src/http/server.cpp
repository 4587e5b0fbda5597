// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include "http/listener.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <algorithm>
#include <sys/resource.h>
#include <utility>
#include <vector>

namespace chartmuseum::http {

namespace asio = boost::asio;

namespace {

using Endpoint = Listener::Endpoint;

/// A socket for every address of IPv6 takes those of IPv4 as well; some kernels have none.
bool has_ipv6() {
  asio::io_context io;
  asio::ip::tcp::acceptor probe(io);
  boost::system::error_code error;
  probe.open(asio::ip::tcp::v6(), error);
  if (!error) probe.bind({asio::ip::tcp::v6(), 0}, error);
  return !error;
}

Endpoint resolve(const std::string& host, std::uint16_t port) {
  if (host.empty()) return {has_ipv6() ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), port};
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) return {address, port};
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  return resolver.resolve(host, std::to_string(port)).begin()->endpoint();
}

/// Throws if another server listens there. Without this, SO_REUSEPORT would let two servers of
/// one user share a port, and each see some of the requests.
void require_free(const Endpoint& endpoint) {
  asio::io_context io;
  asio::ip::tcp::acceptor probe(io, endpoint.protocol());
  if (endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
    probe.set_option(asio::ip::v6_only(false));
  }
  probe.set_option(asio::socket_base::reuse_address(true));
  probe.bind(endpoint);
}

/// Connections need descriptors, and the soft limit is low for the sake of select(2). How many
/// there may be now.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

/// Leaves descriptors for what requests open, however many connections idle: some for the process
/// itself, and as many as connections for files.
void fit_to_descriptors(ServerSettings& settings) {
  constexpr std::size_t kProcess = 64;
  constexpr std::size_t kFewest = 8;
  const std::size_t limit = raise_descriptor_limit();
  const std::size_t spare = std::max(limit, kProcess + kFewest) - kProcess;
  settings.refusals = std::min(settings.refusals, spare / 8);
  settings.connections = std::min(settings.connections, (spare - settings.refusals) / 2);
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(ServerSettings settings, Handler handler, telemetry::Log log)
      : context_{
            .settings = std::move(settings), .handler = std::move(handler), .log = std::move(log)} {
    const TlsSettings& tls = context_.settings.tls;
    if (tls.enabled()) context_.tls = std::make_unique<RenewedTlsContext>(tls, context_.log);
  }

  std::expected<std::uint16_t, std::string> start() {
    if (context_.tls) {
      if (auto loaded = context_.tls->load(); !loaded) return std::unexpected(loaded.error());
    }
    fit_to_descriptors(context_.settings);
    const ServerSettings& settings = context_.settings;
    try {
      Endpoint endpoint = resolve(settings.host, settings.port);
      require_free(endpoint);
      const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
      const std::size_t threads = settings.threads > 0 ? settings.threads : cores;
      while (listeners_.size() < threads) {
        listeners_.push_back(std::make_unique<Listener>(context_));
        endpoint.port(listeners_.back()->bind(endpoint).port());
      }
      for (const auto& listener : listeners_) listener->start();
      return endpoint.port();
    } catch (const boost::system::system_error& error) {
      listeners_.clear();
      return std::unexpected("cannot listen on " + settings.host + ':' +
                             std::to_string(settings.port) + ": " + error.code().message());
    }
  }

  RenewedTlsContext* tls() { return context_.tls.get(); }

  void stop(std::chrono::milliseconds grace) {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    context_.stopping = true;
    for (const auto& listener : listeners_) listener->begin_stop();
    for (const auto& listener : listeners_) {
      if (!listener->ended(deadline)) listener->cut();
    }
    for (const auto& listener : listeners_) listener->join();
    listeners_.clear();
  }

 private:
  SessionContext context_;
  std::vector<std::unique_ptr<Listener>> listeners_;
};

Server::Server(ServerSettings settings, Handler handler, telemetry::Log log)
    : implementation_(std::make_unique<Implementation>(std::move(settings), std::move(handler),
                                                       std::move(log))) {}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
}

std::expected<std::uint16_t, std::string> Server::start() {
  return implementation_->start();
}

void Server::reload() {
  if (auto* const tls = implementation_->tls()) tls->reload();
}

void Server::reload_if_changed() {
  if (auto* const tls = implementation_->tls()) tls->reload_if_changed();
}

void Server::stop(std::chrono::milliseconds grace) {
  implementation_->stop(grace);
}

}  // namespace chartmuseum::http
