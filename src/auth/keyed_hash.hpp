// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX

namespace chartmuseum::auth {

using KeyedDigest = std::array<std::uint8_t, 32>;

/// HMAC-SHA256 (RFC 2104) with a random key that nobody else has and that ends with this object.
/// What it makes of a password can be kept and compared: it cannot be tried offline without the
/// key, and comparing says nothing about lengths or common beginnings. Thread-safe.
class KeyedHash {
 public:
  KeyedHash();

  /// Of the parts one after the other, so that ("ab", "c") and ("a", "bc") differ.
  [[nodiscard]] KeyedDigest operator()(std::initializer_list<std::string_view> parts) const;

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> keyed_;  // with the key, and nothing hashed yet
};

/// In a time that does not depend on the contents.
[[nodiscard]] bool equal(const KeyedDigest& a, const KeyedDigest& b);

}  // namespace chartmuseum::auth
