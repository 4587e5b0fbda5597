// SPDX-License-Identifier: Apache-2.0
#include "unit/http/raw_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>

namespace chartmuseum::http::test {

namespace {

std::shared_ptr<BIO> reader_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

std::shared_ptr<X509> read_certificate(const std::string& pem) {
  return {PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr), X509_free};
}

std::shared_ptr<EVP_PKEY> read_key(const std::string& pem) {
  return {PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

bool RawClient::secure(const ClientTls& how) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (how.version != 0) {
    SSL_CTX_set_security_level(context.get(), 0);  // to be able to ask for what is refused
    SSL_CTX_set_min_proto_version(context.get(), how.version);
    SSL_CTX_set_max_proto_version(context.get(), how.version);
  }
  if (!how.authority.empty()) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                        read_certificate(how.authority).get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!how.identity.key.empty()) {
    SSL_CTX_use_certificate(context.get(), read_certificate(how.identity.certificate).get());
    SSL_CTX_use_PrivateKey(context.get(), read_key(how.identity.key).get());
  }
  const auto end = [](SSL* ssl) {
    // Or else OpenSSL takes the session for a broken one, which is not resumed.
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
  };
  tls_.reset(SSL_new(context.get()), end);
  SSL_set_fd(tls_.get(), socket_.get());
  SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(how.protocols.data()),
                      static_cast<unsigned>(how.protocols.size()));
  if (how.session) SSL_set_session(tls_.get(), how.session.get());
  return SSL_connect(tls_.get()) == 1;
}

std::shared_ptr<SSL_SESSION> RawClient::session() const {
  return {SSL_get1_session(tls_.get()), SSL_SESSION_free};
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (tls_) return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::half_close() {
  if (tls_) SSL_shutdown(tls_.get());
  ::shutdown(socket_.get(), SHUT_WR);
}

void RawClient::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  socket_.reset();
}

std::string RawClient::some(std::size_t most) {
  std::string bytes(most, '\0');
  const ssize_t size = tls_ ? SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

bool RawClient::fill() {
  const std::string bytes = some(65536);
  buffer_ += bytes;
  return !bytes.empty();
}

std::optional<RawResponse> RawClient::response(bool to_head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  RawResponse response;
  response.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  response.status = static_cast<unsigned>(std::stoul(response.head.substr(9, 3)));
  for (std::size_t at = response.head.find("\r\n") + 2; at < response.head.size();) {
    const std::size_t line_end = response.head.find("\r\n", at);
    const std::string line = response.head.substr(at, line_end - at);
    const std::size_t colon = line.find(": ");
    response.headers.add(line.substr(0, colon), line.substr(colon + 2));
    at = line_end + 2;
  }
  if (to_head || response.status == 304 || response.status == 204 || response.status == 100) {
    return response;
  }

  if (response.headers.get("Transfer-Encoding")) {
    for (;;) {
      std::size_t line = 0;
      while ((line = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
      }
      const std::size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
      while (buffer_.size() < line + 2 + size + 2) {
        if (!fill()) return std::nullopt;
      }
      response.body += buffer_.substr(line + 2, size);
      buffer_.erase(0, line + 2 + size + 2);
      if (size == 0) return response;
    }
  }
  const auto length = response.headers.get("Content-Length");
  if (!length) {
    response.body = rest();
    return response;
  }
  const std::size_t size = std::stoul(std::string(*length));
  while (buffer_.size() < size) {
    if (!fill()) return std::nullopt;
  }
  response.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return response;
}

std::optional<RawResponse> RawClient::exchange(std::string_view request) {
  send(request);
  return response();
}

std::string RawClient::rest() {
  while (fill()) {
  }
  return std::exchange(buffer_, std::string());
}

bool RawClient::closed_within(std::chrono::milliseconds patience) {
  pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1 && some(1).empty();
}

}  // namespace chartmuseum::http::test
