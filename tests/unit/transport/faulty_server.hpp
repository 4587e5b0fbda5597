// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "unit/transport/certificate.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace chartmuseum::transport::test {

struct ReceivedRequest {
  std::string line;  // "GET /path HTTP/1.1"
  std::string head;  // the rest of it, with line ends
  std::string body;

  /// The field's value, or "(none)". Any letter case.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// One connection, as a script sees it. What it calls waits for the client; the end of the server
/// ends every wait.
class ServerConnection {
 public:
  ServerConnection(FileDescriptor socket, ssl_ctx_st* tls);
  ~ServerConnection();

  /// The next request; nothing if there is none any more.
  std::optional<ReceivedRequest> request();
  /// The next request's head alone.
  std::optional<ReceivedRequest> request_head();
  /// False if the client has gone.
  bool send(std::string_view bytes);
  /// Ends with a reset once the script does.
  void reset();
  /// Waits until the client has ended the connection, taking what it still sends.
  void wait_for_end();

  void shut_down();  // from another thread

 private:
  bool fill();

  FileDescriptor socket_;
  ssl_st* tls_ = nullptr;
  bool ready_ = true;
  std::string buffer_;
};

/// A server on a free loopback port that does to each connection what its script says, each on a
/// thread of its own.
class FaultyServer {
 public:
  using Script = std::function<void(ServerConnection&)>;

  explicit FaultyServer(Script script, const Certificate* certificate = nullptr);
  ~FaultyServer();
  FaultyServer(const FaultyServer&) = delete;
  FaultyServer& operator=(const FaultyServer&) = delete;

  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// How many connections there were.
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();

  Script script_;
  ssl_ctx_st* tls_ = nullptr;
  FileDescriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<std::shared_ptr<ServerConnection>> open_;
  std::vector<std::thread> threads_;
  bool stopping_ = false;
  std::thread acceptor_;
};

/// A script that answers every request of a connection.
FaultyServer::Script answering(std::function<std::string(const ReceivedRequest&)> answer);

/// "HTTP/1.1 200 OK" with this body and its length.
std::string ok(std::string_view body, std::string_view more_headers = "");

}  // namespace chartmuseum::transport::test
