// SPDX-License-Identifier: Apache-2.0
#include "http/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace chartmuseum::http {

namespace {

std::optional<TicketKeys::Key> make_key(TicketKeys::Clock::time_point now) {
  TicketKeys::Key key{.name = {}, .encryption = {}, .authentication = {}, .made = now};
  const auto fill = [](auto& bytes) {
    return RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
  };
  if (fill(key.name) && fill(key.encryption) && fill(key.authentication)) return key;
  return std::nullopt;
}

void wipe(std::optional<TicketKeys::Key>& key) {
  if (key) OPENSSL_cleanse(&*key, sizeof *key);
}

bool prepare(TicketKeys::Key& key, unsigned char* vector, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
             bool sealing) {
  std::array<char, 7> digest{"SHA256"};
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.authentication.data(),
                                        key.authentication.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.encryption.data(), vector,
                           sealing ? 1 : 0) == 1 &&
         EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

constexpr int kError = -1;
constexpr int kNoSuchKey = 0;
constexpr int kReady = 1;
constexpr int kReadyButRenew = 2;

/// As SSL_CTX_set_tlsext_ticket_key_evp_cb(3) wants it.
int choose_key(SSL* ssl, unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher,
               EVP_MAC_CTX* mac, int sealing) noexcept {
  auto* keys = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  const auto now = TicketKeys::Clock::now();
  if (sealing == 1) {
    auto key = keys->sealing_key(now);
    if (!key || RAND_bytes(vector, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return kError;
    std::ranges::copy(key->name, name);
    return prepare(*key, vector, cipher, mac, true) ? kReady : kError;
  }
  TicketKeys::Name wanted{};
  std::copy_n(name, wanted.size(), wanted.begin());
  auto found = keys->opening_key(wanted, now);
  if (!found) return kNoSuchKey;
  if (!prepare(found->key, vector, cipher, mac, false)) return kError;
  return found->current ? kReady : kReadyButRenew;
}

}  // namespace

TicketKeys::~TicketKeys() {
  wipe(current_);
  wipe(previous_);
}

std::optional<TicketKeys::Key> TicketKeys::sealing_key(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (!current_ || now - current_->made >= kRotation) {
    const auto fresh = make_key(now);
    if (!fresh) return std::nullopt;
    previous_ = std::exchange(current_, fresh);
  }
  return current_;
}

std::optional<TicketKeys::Found> TicketKeys::opening_key(const Name& name, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (current_ && current_->name == name) {
    return Found{.key = *current_, .current = now - current_->made < kRotation};
  }
  if (previous_ && previous_->name == name) return Found{.key = *previous_, .current = false};
  return std::nullopt;
}

void TicketKeys::serve(SSL_CTX* context) {
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, choose_key);
}

}  // namespace chartmuseum::http
