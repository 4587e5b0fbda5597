// SPDX-License-Identifier: Apache-2.0
#include "token_signer.hpp"

#include "auth/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <stdexcept>

namespace chartmuseum::auth {

namespace {

void check(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL cannot do that");
}

template <class Write>
std::string pem_of(Write write) {
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  check(write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string number_of(const EVP_PKEY* key, const char* name, int length) {
  BIGNUM* raw = nullptr;
  check(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const openssl::BigNumber number(raw);
  if (length == 0) length = BN_num_bytes(raw);
  std::string bytes(static_cast<std::size_t>(length), '\0');
  check(BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), length) == length);
  return encode_base64url(bytes);
}

std::string raw_of(std::string_view der, int half) {
  const unsigned char* position = openssl::bytes_of(der);
  const openssl::EcdsaSignature sequence(
      d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())));
  check(sequence != nullptr);
  std::string raw(2 * static_cast<std::size_t>(half), '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  check(BN_bn2binpad(ECDSA_SIG_get0_r(sequence.get()), out, half) == half);
  check(BN_bn2binpad(ECDSA_SIG_get0_s(sequence.get()), out + half, half) == half);
  return raw;
}

}  // namespace

std::string encode_base64url(std::string_view bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[(pending >> (bits - 6)) & 63U];
  }
  if (bits > 0) text += kAlphabet[(pending << (6 - bits)) & 63U];
  return text;
}

TokenSigner::TokenSigner(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {
  check(key != nullptr);
}

const TokenSigner& TokenSigner::rsa() {
  static const TokenSigner signer = rsa_of(2048);
  return signer;
}

TokenSigner TokenSigner::rsa_of(unsigned bits) {
  return TokenSigner(EVP_RSA_gen(bits));
}

TokenSigner TokenSigner::elliptic(const char* curve) {
  return TokenSigner(EVP_EC_gen(curve));
}

TokenSigner TokenSigner::ed25519() {
  return TokenSigner(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

std::string TokenSigner::public_pem() const {
  return pem_of([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

std::string TokenSigner::pkcs1_pem() const {
  return pem_of([this](BIO* bio) {
    unsigned char* der = nullptr;
    const int size = i2d_PublicKey(key_.get(), &der);
    const int length = PEM_write_bio(bio, "RSA PUBLIC KEY", "", der, size);
    OPENSSL_free(der);
    return length > 0 ? 1 : 0;
  });
}

std::string TokenSigner::private_pem() const {
  return pem_of([this](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string TokenSigner::certificate_pem() const {
  const openssl::Certificate certificate(X509_new());
  check(ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20010101000000Z") == 1);
  check(ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "20011231000000Z") == 1);
  check(X509_set_pubkey(certificate.get(), key_.get()) == 1);
  check(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string TokenSigner::jwk(std::string_view more) const {
  std::string text = "{";
  switch (EVP_PKEY_get_base_id(key_.get())) {
    case EVP_PKEY_RSA:
      text += R"("kty":"RSA","n":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0) +
              R"(","e":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0) + '"';
      break;
    case EVP_PKEY_EC: {
      const int bits = EVP_PKEY_get_bits(key_.get());
      const int length = (bits + 7) / 8;
      text += R"("kty":"EC","crv":"P-)" + std::to_string(bits) + R"(","x":")" +
              number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, length) + R"(","y":")" +
              number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, length) + '"';
      break;
    }
    default: {
      std::string bytes(32, '\0');
      std::size_t size = bytes.size();
      check(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                        &size) == 1);
      text += R"("kty":"OKP","crv":"Ed25519","x":")" + encode_base64url(bytes) + '"';
    }
  }
  return text.append(more) + '}';
}

std::string TokenSigner::sign(std::string_view algorithm, std::string_view text) const {
  const bool edwards = algorithm.starts_with("Ed");
  const std::string digest = edwards ? "" : "SHA" + std::string(algorithm.substr(2));
  const openssl::DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  check(EVP_DigestSignInit_ex(context.get(), &parameters, edwards ? nullptr : digest.c_str(),
                              nullptr, nullptr, key_.get(), nullptr) == 1);
  if (algorithm.starts_with("PS")) {
    check(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
    check(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  std::size_t size = 0;
  check(EVP_DigestSign(context.get(), nullptr, &size, openssl::bytes_of(text), text.size()) == 1);
  std::string signature(size, '\0');
  check(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       openssl::bytes_of(text), text.size()) == 1);
  signature.resize(size);
  if (EVP_PKEY_get_base_id(key_.get()) != EVP_PKEY_EC) return signature;
  return raw_of(signature, (EVP_PKEY_get_bits(key_.get()) + 7) / 8);
}

std::string TokenSigner::token(std::string_view algorithm, std::string_view payload,
                               std::string_view more) const {
  const std::string header = R"({"alg":")" + std::string(algorithm) + '"' + std::string(more) + '}';
  const std::string input = encode_base64url(header) + '.' + encode_base64url(payload);
  return input + '.' + encode_base64url(sign(algorithm, input));
}

}  // namespace chartmuseum::auth
