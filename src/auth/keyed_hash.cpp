// SPDX-License-Identifier: Apache-2.0
#include "auth/keyed_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cstddef>
#include <stdexcept>

namespace chartmuseum::auth {

namespace {

using Mac = std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)>;

void expect(bool happened) {
  if (!happened) throw std::runtime_error("HMAC-SHA256 is not to be had from OpenSSL");
}

bool update(EVP_MAC_CTX* context, std::string_view bytes) {
  // OpenSSL 3.0 minds a null pointer even where there is nothing to read.
  if (bytes.empty()) return true;
  return EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()),
                        bytes.size()) == 1;
}

}  // namespace

void KeyedHash::Free::operator()(EVP_MAC_CTX* context) const {
  EVP_MAC_CTX_free(context);
}

KeyedHash::KeyedHash() {
  std::array<unsigned char, 32> key{};
  expect(RAND_bytes(key.data(), static_cast<int>(key.size())) == 1);
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
  expect(mac != nullptr);
  keyed_.reset(EVP_MAC_CTX_new(mac.get()));
  std::array digest{'S', 'H', 'A', '2', '5', '6', '\0'};
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  expect(keyed_ != nullptr &&
         EVP_MAC_init(keyed_.get(), key.data(), key.size(), parameters.data()) == 1);
  OPENSSL_cleanse(key.data(), key.size());
}

KeyedDigest KeyedHash::operator()(std::initializer_list<std::string_view> parts) const {
  // A copy is several times cheaper than to set up a new one with the key.
  const std::unique_ptr<EVP_MAC_CTX, Free> context(EVP_MAC_CTX_dup(keyed_.get()));
  expect(context != nullptr);
  for (const std::string_view part : parts) {
    const std::uint64_t size = part.size();
    const std::string_view size_bytes(reinterpret_cast<const char*>(&size), sizeof size);
    expect(update(context.get(), size_bytes) && update(context.get(), part));
  }
  KeyedDigest digest{};
  std::size_t written = 0;
  expect(EVP_MAC_final(context.get(), digest.data(), &written, digest.size()) == 1);
  return digest;
}

bool equal(const KeyedDigest& a, const KeyedDigest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace chartmuseum::auth
