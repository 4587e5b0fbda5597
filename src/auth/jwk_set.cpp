// SPDX-License-Identifier: Apache-2.0
#include "auth/jwk_set.hpp"

#include "auth/base64url.hpp"
#include "auth/openssl.hpp"
#include "encoding/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace chartmuseum::auth {

namespace {

namespace json = boost::json;

constexpr std::size_t kMostKeys = 100;
constexpr std::size_t kMostNumberBytes = 2048;  // of 16384 bits

using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreedBy<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, FreedBy<OSSL_PARAM_free>>;
using MadeKey = std::expected<openssl::Key, std::string>;

std::optional<std::string> bytes_member(const json::object& jwk, std::string_view name) {
  const auto text = encoding::string_member(jwk, name);
  return text ? decode_base64url(*text) : std::nullopt;
}

openssl::Key key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  }
  return openssl::Key(key);
}

/// RFC 7518, section 6.3.1.
MadeKey rsa_key(const json::object& jwk) {
  const auto modulus = bytes_member(jwk, "n");
  const auto exponent = bytes_member(jwk, "e");
  if (!modulus || !exponent || modulus->size() > kMostNumberBytes ||
      exponent->size() > kMostNumberBytes) {
    return std::unexpected("its n or e is no number");
  }
  const auto number = [](const std::string& bytes) {
    return openssl::BigNumber(
        BN_bin2bn(openssl::bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
  };
  const openssl::BigNumber n = number(*modulus);
  const openssl::BigNumber e = number(*exponent);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return std::unexpected("it cannot be read");
  }
  return key_from("RSA", builder.get());
}

/// RFC 7518, section 6.2.1: coordinates have the curve's full length.
MadeKey elliptic_key(const json::object& jwk) {
  const auto curve = encoding::string_member(jwk, "crv");
  const char* group = nullptr;
  std::size_t length = 0;
  if (curve == "P-256") {
    group = SN_X9_62_prime256v1;
    length = 32;
  } else if (curve == "P-384") {
    group = SN_secp384r1;
    length = 48;
  } else {
    return std::unexpected("its curve is neither P-256 nor P-384");
  }
  const auto x = bytes_member(jwk, "x");
  const auto y = bytes_member(jwk, "y");
  if (!x || !y || x->size() != length || y->size() != length) {
    return std::unexpected("its x or y is no coordinate on its curve");
  }
  const std::string point = '\x04' + *x + *y;  // uncompressed (SEC 1, section 2.3.3)
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return std::unexpected("it cannot be read");
  }
  return key_from("EC", builder.get());
}

/// RFC 8037, section 2.
MadeKey octet_key(const json::object& jwk) {
  if (encoding::string_member(jwk, "crv") != "Ed25519")
    return std::unexpected("its curve is not Ed25519");
  const auto x = bytes_member(jwk, "x");
  if (!x || x->size() != 32) return std::unexpected("its x is no Ed25519 key");
  return openssl::Key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, openssl::bytes_of(*x), x->size()));
}

MadeKey key_of(const json::object& jwk) {
  const auto type = encoding::string_member(jwk, "kty");
  if (type == "RSA") return rsa_key(jwk);
  if (type == "EC") return elliptic_key(jwk);
  if (type == "OKP") return octet_key(jwk);
  return std::unexpected("its kty is not RSA, EC or OKP");
}

bool may_verify(const json::value& operations) {
  const json::array* const array = operations.if_array();
  return array != nullptr && std::ranges::any_of(*array, [](const json::value& operation) {
           return operation.is_string() && operation.get_string() == "verify";
         });
}

std::expected<VerificationKey, std::string> read_jwk(const json::value& value) {
  const json::object* const jwk = value.if_object();
  if (jwk == nullptr) return std::unexpected("it is no object");
  if (jwk->contains("d")) return std::unexpected("it gives its private part away");
  if (jwk->contains("use") && encoding::string_member(*jwk, "use") != "sig") {
    return std::unexpected("its use is not sig");
  }
  if (const json::value* const operations = jwk->if_contains("key_ops");
      operations != nullptr && !may_verify(*operations)) {
    return std::unexpected("its key_ops do not include verify");
  }
  VerificationKey::Label label;
  if (jwk->contains("alg")) {
    label.algorithm = signature_algorithm_from(encoding::string_member(*jwk, "alg").value_or(""));
    if (!label.algorithm) return std::unexpected("its alg is not one for signatures here");
  }
  if (jwk->contains("kid")) {
    const auto id = encoding::string_member(*jwk, "kid");
    if (!id) return std::unexpected("its kid is no text");
    label.id = *id;
  }
  auto key = key_of(*jwk);
  if (!key) return std::unexpected(std::move(key.error()));
  if (!*key) return std::unexpected("its numbers make no key");
  auto made = VerificationKey::make(std::shared_ptr<EVP_PKEY>(std::move(*key)), std::move(label));
  if (!made) return std::unexpected("it is " + made.error());
  return made;
}

}  // namespace

std::expected<JwkSet, std::string> read_jwk_set(std::string_view text) {
  const openssl::ErrorScope errors;
  const auto document = encoding::read_json_object(text);
  if (!document) return std::unexpected("it is no JSON object");
  const json::value* const keys = document->if_contains("keys");
  if (keys == nullptr || !keys->is_array()) return std::unexpected("it has no array \"keys\"");

  JwkSet set;
  std::size_t number = 0;
  for (const json::value& value : keys->get_array()) {
    if (number == kMostKeys) {
      set.skipped.emplace_back("all keys after the first 100");
      break;
    }
    ++number;
    auto key = read_jwk(value);
    if (key) {
      set.keys.push_back(std::move(*key));
    } else {
      set.skipped.push_back("key " + std::to_string(number) + ": " + key.error());
    }
  }
  return set;
}

}  // namespace chartmuseum::auth
