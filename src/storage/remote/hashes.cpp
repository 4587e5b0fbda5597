// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/hashes.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace chartmuseum::storage {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* algorithm, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  if (HMAC(algorithm, key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
           code.data(), &size) == nullptr) {
    throw std::runtime_error("HMAC is not to be had from OpenSSL");
  }
  return {reinterpret_cast<const char*>(code.data()), size};
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac(EVP_sha256(), key, text);
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  return hmac(EVP_sha1(), key, text);
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and the zero that OpenSSL adds
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::size_t kLongest = std::numeric_limits<int>::max();
  const std::size_t padding = text.size() - (text.find_last_not_of('=') + 1);
  // OpenSSL takes more padding than there can be, and skips white space at both ends.
  const bool odd = std::ranges::any_of(text.substr(0, text.size() - padding),
                                       [](char c) { return c <= ' ' || c == '='; });
  if (text.size() % 4 != 0 || text.size() > kLongest || padding > 2 || odd) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // Padding is decoded as zeros.
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace chartmuseum::storage
