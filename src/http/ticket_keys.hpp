// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <mutex>
#include <optional>

namespace chartmuseum::http {

/// The keys that session tickets are sealed with (RFC 5077; RFC 8446, 4.6.1), so that a client
/// comes back on any thread without a full handshake. They live in this process only. A new one
/// seals from time to time, and the one before it still opens, so that a stolen key opens little.
/// Thread-safe.
class TicketKeys {
 public:
  using Clock = std::chrono::steady_clock;

  /// How long one key seals; also how long a session may be resumed, so that the key before the
  /// current one is all that is needed.
  static constexpr std::chrono::hours kRotation{1};

  using Name = std::array<unsigned char, 16>;
  struct Key {
    Name name;
    std::array<unsigned char, 32> encryption;
    std::array<unsigned char, 32> authentication;
    Clock::time_point made;
  };
  struct Found {
    Key key;
    bool current;  // false: the client should get a new ticket
  };

  ~TicketKeys();

  /// The key to seal with; nothing where there is no randomness.
  [[nodiscard]] std::optional<Key> sealing_key(Clock::time_point now);
  /// The key of that name, if it may still open.
  [[nodiscard]] std::optional<Found> opening_key(const Name& name, Clock::time_point now);

  /// Lets the tickets of `context` be sealed with these keys, which must outlive it.
  void serve(SSL_CTX* context);

 private:
  std::mutex mutex_;
  std::optional<Key> current_;
  std::optional<Key> previous_;
};

}  // namespace chartmuseum::http
