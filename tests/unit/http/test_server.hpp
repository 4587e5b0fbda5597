// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/multipart.hpp"
#include "http/server.hpp"
#include "unit/http/raw_client.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace chartmuseum::http::test {

/// The lines of a log, for looking at.
class LogLines {
 public:
  [[nodiscard]] telemetry::Log log(telemetry::LogSettings settings = {});
  [[nodiscard]] std::vector<std::string> lines() const;
  /// The first line that holds `text`, waited for up to ten seconds; "" if none comes.
  [[nodiscard]] std::string waited_for(std::string_view text) const;

 private:
  struct State {
    std::mutex mutex;
    std::vector<std::string> lines;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Settings of one thread on any port.
[[nodiscard]] ServerSettings quiet_settings();

/// A running server whose handler answers by path:
///   /text             200 "hello" with ETag "v1" and a Last-Modified
///   /text/<n>         200, n bytes of "x"
///   /rope/<n>         200, n pieces of 7 bytes
///   /file             200, 300,000 bytes of a file, from its offset 100
///   /stream, /stream/sized, /stream/broken, /stream/dead: BodyStreams
///   /echo             200, the body (up to 1 MiB), else the status of its failure
///   /first            200, the first bytes of the body; it reads no further
///   /ignore           200 "ignored", the body is not read
///   /wait             204 once release() was called
///   /throw            throws
///   /certificate      200, the subject of the client's certificate, or "(none)"
///   /address          200, the client's address
///   /silent           200 without access line
/// and 404 for everything else.
class TestServer {
 public:
  explicit TestServer(ServerSettings settings = quiet_settings(),
                      telemetry::Log log = telemetry::Log::discarding());
  ~TestServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawClient connect() const { return RawClient(port_); }
  Server& server() { return server_; }
  /// Lets every request for /wait, now and later, go on.
  void release();
  /// Waits until so many requests are in the handler of /wait.
  void await_waiting(int count) const;

 private:
  struct Gate;
  std::shared_ptr<Gate> gate_;
  Server server_;
  std::uint16_t port_ = 0;
};

}  // namespace chartmuseum::http::test
