// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/signature_algorithm.hpp"

#include <openssl/types.h>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// A public key that proves who signed a token. Immutable; copies share the key. Thread-safe.
class VerificationKey {
 public:
  /// What a key set says of a key beside the key itself (RFC 7517, section 4).
  struct Label {
    std::optional<std::string> id;                // "kid"; a key without one is tried for any token
    std::optional<SignatureAlgorithm> algorithm;  // "alg"; without, all that fit its kind
  };

  /// The error is a reason for people: "an RSA key of 1024 bits, of which at least 2048 are
  /// needed". Refused are RSA keys below 2048 or above 16384 bits or with an unusual exponent,
  /// curves other than P-256, P-384 and Ed25519, every other kind, and an algorithm that does not
  /// fit.
  [[nodiscard]] static std::expected<VerificationKey, std::string> make(
      std::shared_ptr<EVP_PKEY> key, Label label);

  [[nodiscard]] KeyKind kind() const { return kind_; }
  [[nodiscard]] const std::optional<std::string>& id() const { return label_.id; }

  /// Whether a token may be signed with this key in this way.
  [[nodiscard]] bool fits(SignatureAlgorithm algorithm) const;

  /// Whether `signature`, in JOSE's form (RFC 7518, sections 3.3 to 3.5; RFC 8037, section 3.1), is
  /// that of `message`; false for an algorithm that does not fit.
  [[nodiscard]] bool verify(SignatureAlgorithm algorithm, std::string_view message,
                            std::string_view signature) const;

 private:
  VerificationKey(std::shared_ptr<EVP_PKEY> key, KeyKind kind, Label label)
      : key_(std::move(key)), kind_(kind), label_(std::move(label)) {}

  std::shared_ptr<EVP_PKEY> key_;
  KeyKind kind_;
  Label label_;
};

}  // namespace chartmuseum::auth
