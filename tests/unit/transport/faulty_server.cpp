// SPDX-License-Identifier: Apache-2.0
#include "unit/transport/faulty_server.hpp"

#include "transport/headers.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace chartmuseum::transport::test {

std::string ReceivedRequest::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::string_view field = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(field.size() + 2, rest.size()));
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(field.substr(0, colon), name))
      continue;
    const std::string_view value = field.substr(colon + 1);
    return std::string(value.substr(std::min(value.find_first_not_of(' '), value.size())));
  }
  return "(none)";
}

ServerConnection::ServerConnection(FileDescriptor socket, ssl_ctx_st* tls)
    : socket_(std::move(socket)), tls_(tls != nullptr ? SSL_new(tls) : nullptr) {
  if (tls_ == nullptr) return;
  SSL_set_fd(tls_, socket_.get());
  ready_ = false;
}

ServerConnection::~ServerConnection() {
  if (tls_ == nullptr) return;
  if (ready_) SSL_shutdown(tls_);
  SSL_free(tls_);
}

bool ServerConnection::fill() {
  if (!ready_) ready_ = SSL_accept(tls_) == 1;
  char piece[16 * 1024];
  const auto count = !ready_           ? -1
                     : tls_ != nullptr ? SSL_read(tls_, piece, sizeof piece)
                                       : ::recv(socket_.get(), piece, sizeof piece, 0);
  ERR_clear_error();
  if (count <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(count));
  return true;
}

std::optional<ReceivedRequest> ServerConnection::request_head() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  const std::size_t line = buffer_.find("\r\n");
  ReceivedRequest request{buffer_.substr(0, line), buffer_.substr(line + 2, end - line), ""};
  buffer_.erase(0, end + 4);
  return request;
}

std::optional<ReceivedRequest> ServerConnection::request() {
  auto request = request_head();
  if (!request) return request;
  const std::string length = request->header("content-length");
  const std::size_t size = length == "(none)" ? 0 : std::stoul(length);
  while (buffer_.size() < size) {
    if (!fill()) return std::nullopt;
  }
  request->body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return request;
}

bool ServerConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ != nullptr
                           ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ERR_clear_error();
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void ServerConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void ServerConnection::wait_for_end() {
  while (fill()) buffer_.clear();
}

void ServerConnection::shut_down() {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

FaultyServer::FaultyServer(Script script, const Certificate* certificate)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (certificate != nullptr) {
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT: OpenSSL writes without MSG_NOSIGNAL
    tls_ = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_file(tls_, certificate->certificate_file().c_str(),
                                     SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls_, certificate->key_file().c_str(), SSL_FILETYPE_PEM) != 1) {
      throw std::runtime_error("the test's certificate is no good");
    }
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), any, &size) != 0) {
    throw std::runtime_error("the test's server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FaultyServer::~FaultyServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& connection : open_) connection->shut_down();
  }
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  SSL_CTX_free(tls_);
}

void FaultyServer::accept_all() {
  for (;;) {
    FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) return;
    ++connections_;
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    auto connection = std::make_shared<ServerConnection>(std::move(socket), tls_);
    open_.push_back(connection);
    threads_.emplace_back([this, connection]() mutable {
      script_(*connection);
      const std::lock_guard done(mutex_);
      std::erase(open_, connection);
      connection.reset();  // closes it
    });
  }
}

std::string FaultyServer::url(std::string_view path) const {
  return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
         std::string(path);
}

FaultyServer::Script answering(std::function<std::string(const ReceivedRequest&)> answer) {
  return [answer = std::move(answer)](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      if (!connection.send(answer(*request))) return;
    }
  };
}

std::string ok(std::string_view body, std::string_view more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

}  // namespace chartmuseum::transport::test
