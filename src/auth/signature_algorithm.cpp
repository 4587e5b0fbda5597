// SPDX-License-Identifier: Apache-2.0
#include "auth/signature_algorithm.hpp"

#include <array>
#include <utility>

namespace chartmuseum::auth {

std::optional<SignatureAlgorithm> signature_algorithm_from(std::string_view name) {
  using enum SignatureAlgorithm;
  static constexpr std::array<std::pair<std::string_view, SignatureAlgorithm>, 10> kNames{{
      {"RS256", rs256},
      {"RS384", rs384},
      {"RS512", rs512},
      {"PS256", ps256},
      {"PS384", ps384},
      {"PS512", ps512},
      {"ES256", es256},
      {"ES384", es384},
      {"EdDSA", eddsa},
      {"Ed25519", eddsa},
  }};
  for (const auto& [known, algorithm] : kNames) {
    if (name == known) return algorithm;
  }
  return std::nullopt;
}

KeyKind key_kind_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::es256:
      return KeyKind::p256;
    case SignatureAlgorithm::es384:
      return KeyKind::p384;
    case SignatureAlgorithm::eddsa:
      return KeyKind::ed25519;
    default:
      return KeyKind::rsa;
  }
}

}  // namespace chartmuseum::auth
