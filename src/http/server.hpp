// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/tls_settings.hpp"
#include "http/trusted_proxies.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace chartmuseum::http {

/// A timeout of 0 is none at all. docs/design/http.md says what each covers and why.
struct ServerSettings {
  std::string host = "0.0.0.0";                     // an address or a name; "": every address
  std::uint16_t port = 8080;                        // 0: any free one
  std::size_t threads = 0;                          // 0: one per core
  std::chrono::milliseconds read_timeout{30'000};   // a whole request, from its first byte
  std::chrono::milliseconds write_timeout{30'000};  // a whole response, from its first byte
  std::chrono::milliseconds idle_timeout{75'000};   // between requests, and before the first
  /// How long a client may go on sending a body that nobody wants, so that it gets to read why.
  std::chrono::milliseconds linger_timeout{30'000};
  std::size_t header_bytes = 65536;  // request line and header fields: 431 beyond
  /// Beyond: answered with 503 and closed. Fewer where the process may not open as many files.
  std::size_t connections = 20000;
  std::size_t refusals = 64;         // at a time; beyond: closed without a word
  bool log_latency_integer = false;  // --log-latency-integer
  TlsSettings tls;
  TrustedProxies trusted_proxies;  // whose X-Forwarded-For is believed
};

/// Answers one request. Runs on an I/O thread: blocking work belongs on a WorkerPool. May be
/// called on several threads at once. An exception becomes a 500.
using Handler = std::function<Task<Response>(Request&)>;

/// An HTTP/1.1 server (RFC 9110, RFC 9112): one io_context per thread, each with its own
/// listening socket on the same port.
class Server {
 public:
  Server(ServerSettings settings, Handler handler, telemetry::Log log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Loads the files for TLS, binds, listens and starts the threads; the port, or what stands in
  /// the way.
  [[nodiscard]] std::expected<std::uint16_t, std::string> start();

  /// Loads the files for TLS again, for new connections; those that are there keep what they have.
  /// Files that cannot be used are logged and change nothing. Reads files: not for an I/O thread.
  void reload();
  /// The same if they have changed, and not since the last call: to be called once a second, say.
  void reload_if_changed();

  /// Stops accepting, lets requests in flight end within `grace`, cuts the rest: their connections
  /// are reset and what their handlers wait for is cancelled (boost::system::system_error with
  /// operation_aborted). Returns when all threads have ended, so also when the last handler has.
  /// A second call does nothing.
  void stop(std::chrono::milliseconds grace);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace chartmuseum::http
