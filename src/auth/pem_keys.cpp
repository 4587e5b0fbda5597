// SPDX-License-Identifier: Apache-2.0
#include "auth/pem_keys.hpp"

#include "auth/openssl.hpp"

#include <openssl/pem.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

namespace chartmuseum::auth {

namespace {

constexpr std::size_t kMostKeys = 16;  // each may be tried for a token

/// One block of a PEM text. What it held is wiped when it goes: it may be a private key.
class Block {
 public:
  Block() = default;
  ~Block() {
    OPENSSL_free(name_);
    OPENSSL_free(header_);
    OPENSSL_clear_free(data_, static_cast<std::size_t>(size_));
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  [[nodiscard]] bool read(BIO* pem) {
    return PEM_read_bio(pem, &name_, &header_, &data_, &size_) == 1;
  }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] const unsigned char* begin() const { return data_; }
  [[nodiscard]] const unsigned char* end() const { return data_ + size_; }
  [[nodiscard]] long size() const { return size_; }

 private:
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* data_ = nullptr;
  long size_ = 0;
};

openssl::Key key_of_certificate(const Block& block, const unsigned char*& position) {
  const openssl::Certificate certificate(d2i_X509(nullptr, &position, block.size()));
  return openssl::Key(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

std::expected<openssl::Key, std::string> decode(const Block& block) {
  const std::string_view name = block.name();
  if (name.ends_with("PRIVATE KEY")) {
    return std::unexpected(
        "this is a private key, which must stay with who issues the tokens; give the public one "
        "(openssl pkey -pubout)");
  }
  const unsigned char* position = block.begin();
  openssl::Key key;
  if (name == "PUBLIC KEY") {
    key.reset(d2i_PUBKEY(nullptr, &position, block.size()));
  } else if (name == "RSA PUBLIC KEY") {
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &position, block.size()));
  } else if (name == "CERTIFICATE") {
    key = key_of_certificate(block, position);
  } else {
    return std::unexpected(
        "this is neither a public key nor a certificate (PUBLIC KEY, RSA PUBLIC KEY or "
        "CERTIFICATE)");
  }
  if (!key || position != block.end()) {
    return std::unexpected("its content is no " + std::string(name) + " that can be read");
  }
  return key;
}

bool at_end_of_blocks() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

std::expected<std::vector<VerificationKey>, std::string> read_pem_keys(std::string_view pem) {
  const openssl::ErrorScope errors;
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return std::unexpected("it is too large");
  }
  const openssl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<VerificationKey> keys;
  while (true) {
    const std::string place = "block " + std::to_string(keys.size() + 1) + ": ";
    Block block;
    if (!bio || !block.read(bio.get())) {
      if (at_end_of_blocks()) break;
      return std::unexpected(place + "it is cut off, or not in PEM's form");
    }
    auto decoded = decode(block);
    if (!decoded) return std::unexpected(place + decoded.error());
    auto key = VerificationKey::make(std::shared_ptr<EVP_PKEY>(std::move(*decoded)), {});
    if (!key) return std::unexpected(place + "this is " + key.error());
    keys.push_back(std::move(*key));
    if (keys.size() > kMostKeys) return std::unexpected("it holds more than 16 keys");
  }
  if (keys.empty()) {
    return std::unexpected(
        "it holds no public key and no certificate in PEM's form (-----BEGIN PUBLIC KEY-----)");
  }
  return keys;
}

}  // namespace chartmuseum::auth
