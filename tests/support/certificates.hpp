// SPDX-License-Identifier: Apache-2.0
// Certificates and keys, made for a test and never written down.
#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::test {

/// A certificate and its private key, both PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// What stands in a certificate.
struct CertificateText {
  std::vector<std::pair<std::string, std::string>> subject{{"CN", "localhost"}};  // UTF-8
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";                   // "" for none
  std::string extended_key_usage = "";  // "clientAuth", "serverAuth"
  bool authority = false;
  std::chrono::seconds begins_in = -std::chrono::hours(1);
  std::chrono::seconds ends_in = std::chrono::hours(1);
};

namespace openssl {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

template <class T>
T* checked(T* pointer) {
  if (pointer == nullptr) throw std::runtime_error("OpenSSL failed");
  return pointer;
}
inline void check(int result) {
  if (result <= 0) throw std::runtime_error("OpenSSL failed");
}

inline Key make_key() {
  return {checked(EVP_EC_gen("P-256")), EVP_PKEY_free};
}

inline std::string text_of(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

inline std::string pem(const Certificate& certificate) {
  const std::unique_ptr<BIO, FreedBy<BIO_free>> out(checked(BIO_new(BIO_s_mem())));
  check(PEM_write_bio_X509(out.get(), certificate.get()));
  return text_of(out.get());
}

/// Encrypted if there is a passphrase.
inline std::string pem(const Key& key, std::string passphrase = "") {
  const std::unique_ptr<BIO, FreedBy<BIO_free>> out(checked(BIO_new(BIO_s_mem())));
  check(PEM_write_bio_PKCS8PrivateKey(
      out.get(), key.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(), passphrase.data(),
      static_cast<int>(passphrase.size()), nullptr, nullptr));
  return text_of(out.get());
}

inline void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>> extension(
      checked(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())));
  check(X509_add_ext(certificate, extension.get(), -1));
}

/// Signs itself where there is no issuer.
inline Certificate make_certificate(const CertificateText& text, const Key& key,
                                    const Certificate& issuer, const Key& issuer_key) {
  static long serial = 0;
  Certificate certificate(checked(X509_new()), X509_free);
  X509* const made = certificate.get();
  check(X509_set_version(made, 2));
  check(ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial));
  X509_gmtime_adj(X509_getm_notBefore(made), static_cast<long>(text.begins_in.count()));
  X509_gmtime_adj(X509_getm_notAfter(made), static_cast<long>(text.ends_in.count()));
  for (const auto& [name, value] : text.subject) {
    check(X509_NAME_add_entry_by_txt(X509_get_subject_name(made), name.c_str(), MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0));
  }
  X509* const signer = issuer ? issuer.get() : made;
  check(X509_set_issuer_name(made, X509_get_subject_name(signer)));
  check(X509_set_pubkey(made, key.get()));
  add_extension(made, signer, NID_basic_constraints,
                text.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!text.alternative_names.empty()) {
    add_extension(made, signer, NID_subject_alt_name, text.alternative_names);
  }
  if (!text.extended_key_usage.empty()) {
    add_extension(made, signer, NID_ext_key_usage, text.extended_key_usage);
  }
  check(X509_sign(made, issuer_key.get(), EVP_sha256()));
  return certificate;
}

}  // namespace openssl

/// An authority that signs certificates, itself signed by nobody else or by another authority.
class Authority {
 public:
  explicit Authority(const std::string& name) : Authority(name, nullptr, nullptr) {}

  [[nodiscard]] std::string certificate() const { return openssl::pem(certificate_); }

  [[nodiscard]] Identity issue(const CertificateText& text = {}) const {
    const openssl::Key key = openssl::make_key();
    return {openssl::pem(openssl::make_certificate(text, key, certificate_, key_)),
            openssl::pem(key)};
  }

  [[nodiscard]] Authority authorize(const std::string& name) const {
    return Authority(name, certificate_, key_);
  }

 private:
  Authority(const std::string& name, const openssl::Certificate& issuer,
            const openssl::Key& issuer_key)
      : key_(openssl::make_key()),
        certificate_(openssl::make_certificate(
            {.subject = {{"CN", name}}, .alternative_names = "", .authority = true}, key_, issuer,
            issuer_key ? issuer_key : key_)) {}

  openssl::Key key_;
  openssl::Certificate certificate_;
};

/// The same key, encrypted.
[[nodiscard]] inline std::string encrypted_key(const std::string& passphrase) {
  return openssl::pem(openssl::make_key(), passphrase);
}

}  // namespace chartmuseum::test
