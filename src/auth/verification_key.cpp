// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_key.hpp"

#include "auth/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <cstddef>
#include <limits>
#include <utility>

namespace chartmuseum::auth {

namespace {

using openssl::bytes_of;

constexpr int kLeastRsaBits = 2048;  // RFC 7518, section 3.3
constexpr int kMostRsaBits = 16384;  // OpenSSL's own limit for verifying

std::expected<KeyKind, std::string> rsa_kind(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kLeastRsaBits) {
    return std::unexpected("an RSA key of " + std::to_string(bits) +
                           " bits, of which at least 2048 are needed");
  }
  if (bits > kMostRsaBits) {
    return std::unexpected("an RSA key of " + std::to_string(bits) +
                           " bits, of which at most 16384 are possible");
  }
  // Real ones are 3, 17 or 65537. A huge one would make every look at a token cost a
  // hundredfold; the Go server's library has the same bound.
  BIGNUM* raw = nullptr;
  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw);
  const openssl::BigNumber exponent(raw);
  const BN_ULONG value = exponent ? BN_get_word(exponent.get()) : 0;
  if (value < 3 || value > std::numeric_limits<std::int32_t>::max() || value % 2 == 0) {
    return std::unexpected("an RSA key with an unusable exponent");
  }
  return KeyKind::rsa;
}

std::expected<KeyKind, std::string> elliptic_kind(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1) {
    const std::string_view curve(name.data(), length);
    if (curve == SN_X9_62_prime256v1) return KeyKind::p256;
    if (curve == SN_secp384r1) return KeyKind::p384;
  }
  return std::unexpected("an elliptic-curve key that is on neither P-256 nor P-384");
}

std::expected<KeyKind, std::string> kind_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return rsa_kind(key);
    case EVP_PKEY_EC:
      return elliptic_kind(key);
    case EVP_PKEY_ED25519:
      return KeyKind::ed25519;
    default:
      return std::unexpected("a key of a kind that signs no tokens here; RSA, EC and Ed25519 do");
  }
}

/// JOSE has r and s side by side, OpenSSL wants them as ASN.1's SEQUENCE of two INTEGERs.
std::optional<std::string> sequence_of(std::string_view signature) {
  const std::size_t half = signature.size() / 2;
  const int size = static_cast<int>(half);
  openssl::BigNumber r(BN_bin2bn(bytes_of(signature), size, nullptr));
  openssl::BigNumber s(BN_bin2bn(bytes_of(signature) + half, size, nullptr));
  const openssl::EcdsaSignature sequence(ECDSA_SIG_new());
  if (!r || !s || !sequence) return std::nullopt;
  ECDSA_SIG_set0(sequence.get(), r.release(), s.release());  // which takes what is not null
  const int length = i2d_ECDSA_SIG(sequence.get(), nullptr);
  if (length <= 0) return std::nullopt;
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(sequence.get(), &end);
  return der;
}

struct Method {
  const char* digest;      // null: the algorithm brings its own
  bool pss;                // RFC 7518, section 3.5
  std::size_t raw_length;  // of r and s side by side; 0 for other signatures
};

Method method_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::rs256:
      return {"SHA256", false, 0};
    case SignatureAlgorithm::rs384:
      return {"SHA384", false, 0};
    case SignatureAlgorithm::rs512:
      return {"SHA512", false, 0};
    case SignatureAlgorithm::ps256:
      return {"SHA256", true, 0};
    case SignatureAlgorithm::ps384:
      return {"SHA384", true, 0};
    case SignatureAlgorithm::ps512:
      return {"SHA512", true, 0};
    case SignatureAlgorithm::es256:
      return {"SHA256", false, 64};
    case SignatureAlgorithm::es384:
      return {"SHA384", false, 96};
    case SignatureAlgorithm::eddsa:
      break;
  }
  return {nullptr, false, 0};
}

}  // namespace

std::expected<VerificationKey, std::string> VerificationKey::make(std::shared_ptr<EVP_PKEY> key,
                                                                  Label label) {
  const openssl::ErrorScope errors;
  const auto kind = kind_of(key.get());
  if (!kind) return std::unexpected(kind.error());
  if (label.algorithm && key_kind_of(*label.algorithm) != *kind) {
    return std::unexpected("a key whose algorithm is for another kind of keys");
  }
  return VerificationKey(std::move(key), *kind, std::move(label));
}

bool VerificationKey::fits(SignatureAlgorithm algorithm) const {
  return key_kind_of(algorithm) == kind_ && label_.algorithm.value_or(algorithm) == algorithm;
}

bool VerificationKey::verify(SignatureAlgorithm algorithm, std::string_view message,
                             std::string_view signature) const {
  if (!fits(algorithm)) return false;
  const openssl::ErrorScope errors;
  const Method method = method_of(algorithm);
  std::string der;
  if (method.raw_length != 0) {
    if (signature.size() != method.raw_length) return false;
    auto sequence = sequence_of(signature);
    if (!sequence) return false;
    der = std::move(*sequence);
    signature = der;
  }

  const openssl::DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // the context's
  if (!context || EVP_DigestVerifyInit_ex(context.get(), &parameters, method.digest, nullptr,
                                          nullptr, key_.get(), nullptr) != 1) {
    return false;
  }
  if (method.pss && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                     EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace chartmuseum::auth
