// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/rsa_key.hpp"

#include "base/freed_by.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstddef>
#include <limits>
#include <stdexcept>

namespace chartmuseum::storage {

namespace {

/// Or OpenSSL would ask at the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) {
  return -1;
}

}  // namespace

std::optional<RsaKey> RsaKey::from_pem(std::string_view pem) {
  constexpr int kLeastBits = 2048;
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
  const std::unique_ptr<BIO, FreedBy<BIO_free_all>> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bytes) throw std::runtime_error("OpenSSL has no memory");
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, no_password, nullptr),
                                EVP_PKEY_free);
  ERR_clear_error();
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(key.get()) < kLeastBits) {
    return std::nullopt;
  }
  return RsaKey(std::move(key));
}

std::string RsaKey::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
  std::string signature(size, '\0');
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes, text.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot sign with this RSA key");
  }
  signature.resize(size);
  return signature;
}

}  // namespace chartmuseum::storage
