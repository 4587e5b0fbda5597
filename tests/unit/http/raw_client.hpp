// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "http/headers.hpp"
#include "support/certificates.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::http::test {

/// What came back, taken apart by rules of this test's own, not by those under test.
struct RawResponse {
  unsigned status = 0;
  std::string head;
  Headers headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(headers.get(name).value_or("(none)"));
  }
};

/// How a client speaks TLS.
struct ClientTls {
  std::string authority = "";                 // PEM; "": takes any certificate
  chartmuseum::test::Identity identity = {};  // "": none
  int version = 0;                            // TLS1_2_VERSION, ...; 0: the best that both have
  std::string protocols = "";                 // for ALPN, as it writes them: "\x08http/1.1"
  std::shared_ptr<SSL_SESSION> session = nullptr;  // to resume
};

/// A loopback connection that sends exactly the bytes it is given. Every wait ends after ten
/// seconds at the latest.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);

  /// Makes the handshake; whether the server agrees to what this client knows of it by then.
  [[nodiscard]] bool secure(const ClientTls& how = {});
  /// Null before secure().
  [[nodiscard]] SSL* tls() const { return tls_.get(); }
  /// What a later connection can resume; there is one once a response was read.
  [[nodiscard]] std::shared_ptr<SSL_SESSION> session() const;

  /// False if the server has gone.
  bool send(std::string_view bytes);
  /// Sends no more, but goes on reading.
  void half_close();
  /// Closes with a reset.
  void reset();

  /// The next response; nothing if the connection ends before it does.
  [[nodiscard]] std::optional<RawResponse> response(bool to_head = false);
  /// Sends, then reads one response.
  [[nodiscard]] std::optional<RawResponse> exchange(std::string_view request);
  /// Everything up to the end of the connection.
  [[nodiscard]] std::string rest();
  /// Reads one piece of at most `most` bytes; "" at the end.
  [[nodiscard]] std::string some(std::size_t most);
  /// Whether the server ends the connection within `patience`, sending nothing more.
  [[nodiscard]] bool closed_within(std::chrono::milliseconds patience);

 private:
  bool fill();

  FileDescriptor socket_;
  std::shared_ptr<SSL> tls_;
  std::string buffer_;
};

}  // namespace chartmuseum::http::test
