// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace chartmuseum::storage {

/// A private key that requests and tokens are signed with. Thread-safe; copies share the key.
class RsaKey {
 public:
  /// PKCS #8 or PKCS #1 in PEM. Nothing if it is no RSA key of at least 2048 bits, or one that is
  /// encrypted.
  [[nodiscard]] static std::optional<RsaKey> from_pem(std::string_view pem);

  /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2): bytes. Throws only if OpenSSL fails.
  [[nodiscard]] std::string sign(std::string_view text) const;

 private:
  explicit RsaKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}

  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace chartmuseum::storage
