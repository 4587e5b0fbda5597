// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/signature_algorithm.hpp"
#include "auth/token_refusal.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// A larger text is no token: it would hardly fit into a request's headers anyway.
inline constexpr std::size_t kLargestToken = 16384;

/// A JSON Web Signature in compact form (RFC 7515, section 7.1), taken apart and not yet trusted.
/// Of the header only what selects a key is read; what points to keys elsewhere (jku, x5u, jwk,
/// x5c) has no say. Refers to the text that it was read from.
struct SignedToken {
  SignatureAlgorithm algorithm;
  std::optional<std::string> key_id;
  std::string_view signing_input;  // header and payload as they were sent
  std::string_view payload;        // still in base64url
  std::string signature;

  /// Strict: three parts of base64url without padding; a JSON header without duplicate names,
  /// with a known "alg", a text as "kid" if any, and without "crit": there is no extension that
  /// we understand (section 4.1.11).
  [[nodiscard]] static std::expected<SignedToken, TokenRefusal> parse(std::string_view text);
};

}  // namespace chartmuseum::auth
