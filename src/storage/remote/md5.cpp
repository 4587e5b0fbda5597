// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/md5.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace chartmuseum::storage {

void Md5::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

std::optional<Md5> Md5::begin() {
  Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1) return std::nullopt;
  return Md5(std::move(context));
}

void Md5::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("MD5 broke off in OpenSSL");
  }
}

std::string Md5::end() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1) {
    throw std::runtime_error("MD5 broke off in OpenSSL");
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace chartmuseum::storage
