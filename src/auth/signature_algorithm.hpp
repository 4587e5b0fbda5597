// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace chartmuseum::auth {

/// How a token may be signed: the asymmetric algorithms of RFC 7518, section 3, and RFC 8037 that
/// are in use. There is deliberately none for "none" and for HMAC: who verifies needs no secret.
enum class SignatureAlgorithm { rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, eddsa };

/// The kinds of keys these take. An algorithm takes one kind, so that no token chooses how a
/// key is used.
enum class KeyKind { rsa, p256, p384, ed25519 };

/// From the header parameter "alg" (RFC 7515, section 4.1.1), which is case-sensitive. "Ed25519" is
/// the newer name of EdDSA with that curve (RFC 9864).
[[nodiscard]] std::optional<SignatureAlgorithm> signature_algorithm_from(std::string_view name);

[[nodiscard]] KeyKind key_kind_of(SignatureAlgorithm algorithm);

}  // namespace chartmuseum::auth
