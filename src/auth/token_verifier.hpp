// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/claims.hpp"
#include "auth/key_source.hpp"
#include "auth/token.hpp"
#include "auth/token_cache.hpp"
#include "auth/token_refusal.hpp"
#include "base/task.hpp"
#include "base/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// Finds out whether a bearer token is to be believed: signed with one of the source's keys, within
/// its times, and, where that is asked for, from this issuer and for this audience. Thread-safe.
class TokenVerifier {
 public:
  using Clock = std::function<Timestamp()>;

  struct Settings {
    std::shared_ptr<KeySource> keys;  // not null
    // Unset with the keys of --auth-cert-path: the Go server looks at neither.
    std::optional<std::string> issuer;
    std::optional<std::string> audience;
    std::chrono::seconds remember_for = std::chrono::minutes(5);  // a verified token, at most
    std::size_t remembered_bytes = std::size_t{8} << 20;          // of tokens, together
    Clock clock = &chartmuseum::now;
  };

  explicit TokenVerifier(Settings settings);

  /// `token` must stay valid until the task ends. Waits only where keys have to be fetched first.
  /// Verifying takes some ten microseconds of the calling thread, for a remembered token one.
  Task<std::expected<Claims, TokenRefusal>> verify(std::string_view token);

 private:
  struct Signature {
    bool right = false;
    bool key_found = false;  // a key that fits
    bool key_named = false;  // by the token's "kid": other keys would not help
  };
  static Signature check_signature(const SignedToken& token, const KeySet& keys);
  [[nodiscard]] std::expected<Claims, TokenRefusal> check_claims(std::string_view payload,
                                                                 Timestamp now) const;

  Settings settings_;
  TokenCache cache_;
};

}  // namespace chartmuseum::auth
