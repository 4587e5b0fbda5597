// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include "base/freed_by.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace chartmuseum {

namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Null if OpenSSL has none.
const EVP_MD* sha256() {
  // Kept, because to look it up takes longer than to hash a short text.
  static const std::unique_ptr<EVP_MD, FreedBy<EVP_MD_free>> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return algorithm.get();
}

void require(bool done) {
  if (!done) throw std::runtime_error("SHA-256 is not to be had from OpenSSL");
}

}  // namespace

Digest Digest::of(std::string_view bytes) {
  Digest digest;
  require(sha256() != nullptr && EVP_Digest(bytes.data(), bytes.size(), digest.bytes_.data(),
                                            nullptr, sha256(), nullptr) == 1);
  return digest;
}

Digest Digest::of(std::span<const std::string_view> pieces) {
  if (pieces.size() == 1) return of(pieces.front());
  DigestOfPieces digest;
  for (const std::string_view piece : pieces) digest.append(piece);
  return digest.finish();
}

struct DigestOfPieces::State {
  std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

DigestOfPieces::DigestOfPieces() : state_(std::make_unique<State>()) {
  require(state_->context && sha256() != nullptr &&
          EVP_DigestInit_ex2(state_->context.get(), sha256(), nullptr) == 1);
}

DigestOfPieces::DigestOfPieces(DigestOfPieces&& other) noexcept = default;
DigestOfPieces& DigestOfPieces::operator=(DigestOfPieces&& other) noexcept = default;
DigestOfPieces::~DigestOfPieces() = default;

void DigestOfPieces::append(std::string_view piece) {
  require(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1);
}

Digest DigestOfPieces::finish() {
  Digest digest;
  require(EVP_DigestFinal_ex(state_->context.get(), digest.bytes_.data(), nullptr) == 1);
  return digest;
}

std::optional<Digest> Digest::from_hex(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.bytes_.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes_.size(); ++i) {
    const int high = digit_value(hex[2 * i]);
    const int low = digit_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

std::string Digest::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes_.size());
  for (const std::uint8_t byte : bytes_) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace chartmuseum
