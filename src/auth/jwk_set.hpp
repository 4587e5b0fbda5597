// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/verification_key.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::auth {

struct JwkSet {
  std::vector<VerificationKey> keys;
  /// Of each key that was left out, why: "key 3: its use is not sig". For the log.
  std::vector<std::string> skipped;
};

/// Reads a JSON Web Key Set (RFC 7517): of its first 100 keys those that can verify signatures
/// (RSA; EC on P-256 and P-384; OKP with Ed25519). Others are skipped, as section 5 has it, also
/// a key that gives its private part away. An error if `text` is no key set at all.
[[nodiscard]] std::expected<JwkSet, std::string> read_jwk_set(std::string_view text);

}  // namespace chartmuseum::auth
