// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file_descriptor.hpp"
#include "http/headers.hpp"

#include <chrono>
#include <cstdint>
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

/// A loopback connection that sends exactly the bytes it is given. Every wait ends after ten
/// seconds at the latest.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);

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
  std::string buffer_;
};

}  // namespace chartmuseum::http::test
