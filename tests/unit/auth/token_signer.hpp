// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// As JOSE writes bytes, without padding.
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

/// A private key that signs tokens, and all the forms that its public part comes in; for tests.
class TokenSigner {
 public:
  /// Always the same one of 2048 bits: to make another takes long.
  [[nodiscard]] static const TokenSigner& rsa();
  [[nodiscard]] static TokenSigner rsa_of(unsigned bits);
  /// "P-256", "P-384", or any other name that OpenSSL knows.
  [[nodiscard]] static TokenSigner elliptic(const char* curve);
  [[nodiscard]] static TokenSigner ed25519();

  [[nodiscard]] std::string public_pem() const;
  [[nodiscard]] std::string pkcs1_pem() const;  // RSA only
  [[nodiscard]] std::string private_pem() const;
  /// Self-signed, and valid in the year 2001 only.
  [[nodiscard]] std::string certificate_pem() const;

  /// The public key as a JSON object; `more` are further members: R"(,"kid":"1")".
  [[nodiscard]] std::string jwk(std::string_view more = {}) const;

  /// The signature of a text as JOSE has it, by an algorithm's name.
  [[nodiscard]] std::string sign(std::string_view algorithm, std::string_view text) const;

  /// A token with this payload; `more` are further members of its header.
  [[nodiscard]] std::string token(std::string_view algorithm, std::string_view payload,
                                  std::string_view more = {}) const;

 private:
  explicit TokenSigner(EVP_PKEY* key);
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace chartmuseum::auth
