// SPDX-License-Identifier: Apache-2.0
#include "http/pem_files.hpp"

#include "base/watched_file.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

namespace chartmuseum::http {

namespace {

std::string problem(const std::filesystem::path& path, std::string_view what) {
  return path.string() + ": " + std::string(what);
}

std::expected<std::string, std::string> read_file(const std::filesystem::path& path) {
  auto text = read_small_file(path.native(), kLargestPemFile);
  if (!text) return std::unexpected(problem(path, text.error()));
  return text;
}

BioPointer reader_of(std::string_view text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool holds(std::string_view text, std::string_view label) {
  return text.find(label) != std::string_view::npos;
}

constexpr std::string_view kKeyLabel = "PRIVATE KEY-----";
constexpr std::string_view kCertificateLabel = "-----BEGIN CERTIFICATE-----";

/// Notes that a passphrase was asked for, and gives none.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

}  // namespace

std::string take_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

std::expected<std::vector<CertificatePointer>, std::string> read_certificates(
    const std::filesystem::path& path) {
  const auto content = read_file(path);
  if (!content) return std::unexpected(content.error());
  const BioPointer reader = reader_of(*content);
  std::vector<CertificatePointer> certificates;
  ERR_clear_error();
  while (CertificatePointer next{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
    certificates.push_back(std::move(next));
  }
  // The end of the file shows as a missing start of the next certificate.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return std::unexpected(problem(path, "certificate " + std::to_string(certificates.size() + 1) +
                                             " cannot be read: " + take_openssl_error()));
  }
  ERR_clear_error();
  if (!certificates.empty()) return certificates;
  if (holds(*content, kKeyLabel)) {
    return std::unexpected(
        problem(path, "holds a private key and no certificate; are the two files swapped?"));
  }
  return std::unexpected(
      problem(path, "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"));
}

std::expected<std::vector<CertificatePointer>, std::string> read_authorities(
    const std::filesystem::path& path) {
  auto certificates = read_certificates(path);
  if (!certificates) return certificates;
  const auto signs = [](const CertificatePointer& certificate) {
    return X509_check_ca(certificate.get()) != 0;
  };
  if (std::ranges::any_of(*certificates, signs)) return certificates;
  return std::unexpected(
      problem(path,
              "holds no certificate of an authority (basic constraints CA:TRUE), so it can "
              "verify no client; name the certificate that signed those of the clients"));
}

std::expected<KeyPointer, std::string> read_private_key(const std::filesystem::path& path) {
  const auto content = read_file(path);
  if (!content) return std::unexpected(content.error());
  const BioPointer reader = reader_of(*content);
  bool encrypted = false;
  ERR_clear_error();
  KeyPointer key(PEM_read_bio_PrivateKey(reader.get(), nullptr, refuse_passphrase, &encrypted));
  if (key) return key;
  const std::string reason = take_openssl_error();
  if (encrypted) {
    return std::unexpected(
        problem(path,
                "the key is encrypted; write it without passphrase: openssl pkey -in "
                "<encrypted> -out <plain>, and let only this user read it"));
  }
  if (holds(*content, kKeyLabel)) {
    return std::unexpected(problem(path, "the private key cannot be read: " + reason));
  }
  if (holds(*content, kCertificateLabel)) {
    return std::unexpected(
        problem(path, "holds a certificate and no private key; are the two files swapped?"));
  }
  return std::unexpected(
      problem(path, "holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"));
}

}  // namespace chartmuseum::http
