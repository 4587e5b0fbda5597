// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "transport/failure.hpp"
#include "transport/message.hpp"
#include "transport/settings.hpp"

#include <memory>
#include <string>

namespace chartmuseum::transport {

class Engine;
class Exchange;

/// A response's body, piece by piece. While nobody takes any, no more than a window of it lies
/// ready and the server is not read from. Destroying it ends the request.
class ResponseStream {
 public:
  ResponseStream(std::shared_ptr<Engine> engine, std::shared_ptr<Exchange> exchange);
  ~ResponseStream();
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  /// The next piece, empty at the end. A body that ends too early ends with a failure, never with
  /// an empty piece. One call at a time; it must end before the stream does.
  Task<Result<std::string>> next();

 private:
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Exchange> exchange_;
};

struct StreamedResponse {
  unsigned status = 0;
  Headers headers;
  std::unique_ptr<ResponseStream> body;
};

/// An HTTP client over libcurl, with one thread of its own for all requests. Connections are kept
/// and used again.
///
/// Thread-safe. Tasks resume on the executor of whoever awaits them, and may be cancelled through
/// Asio's cancellation slots; the result is then FailureKind::cancelled (and what is awaited next,
/// by Asio's rules, throws). Tasks may outlive the client: its end cancels them. The client should
/// end before an io_context does on which somebody waits for it, as another thread's completions
/// and the end of a context must not meet.
class Client {
 public:
  /// Throws if libcurl cannot be set up.
  explicit Client(ClientSettings settings = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends a request and reads the whole response.
  Task<Result<Response>> send(Request request);

  /// Sends a request and reads the response's head. The body is read as it is taken.
  Task<Result<StreamedResponse>> open(Request request);

 private:
  std::shared_ptr<Engine> engine_;
};

}  // namespace chartmuseum::transport
