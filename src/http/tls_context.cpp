// SPDX-License-Identifier: Apache-2.0
#include "http/tls_context.hpp"

#include "base/file_descriptor.hpp"
#include "http/pem_files.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <string_view>
#include <sys/socket.h>

namespace chartmuseum::http {

namespace {

// Mozilla's "intermediate" recommendation, without its finite-field groups: no client that lacks
// elliptic curves speaks TLS 1.2.
constexpr const char* kCiphers12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";

/// The protocols that we speak, as ALPN writes them (RFC 7301), the better one first.
constexpr std::string_view kProtocols = "\x08http/1.1\x08http/1.0";

/// A client that speaks only something else is told so instead of being answered in a protocol
/// that it did not offer (RFC 7301, 3.2).
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void* /*none*/) noexcept {
  unsigned char* selected = nullptr;
  const int result = SSL_select_next_proto(
      &selected, chosen_size, reinterpret_cast<const unsigned char*>(kProtocols.data()),
      static_cast<unsigned>(kProtocols.size()), offered, offered_size);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

/// A resumed session is not verified again, so the client's certificate is looked at here: it may
/// have expired since.
SSL_TICKET_RETURN judge_ticket(SSL* /*ssl*/, SSL_SESSION* session, const unsigned char* /*name*/,
                               std::size_t /*name_size*/, SSL_TICKET_STATUS status,
                               void* /*none*/) noexcept {
  if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW) {
    return SSL_TICKET_RETURN_IGNORE_RENEW;
  }
  const X509* const client = SSL_SESSION_get0_peer(session);
  if (client != nullptr && X509_cmp_current_time(X509_get0_notAfter(client)) <= 0) {
    return SSL_TICKET_RETURN_IGNORE_RENEW;
  }
  return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW;
}

/// Whether the kernel can encrypt what a connection sends. Asked here because a kernel without it
/// looks for a module each time it is asked, which would be at every handshake.
bool kernel_has_tls() {
  const FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  constexpr std::string_view kName = "tls";
  return probe && (::setsockopt(probe.get(), IPPROTO_TCP, TCP_ULP, kName.data(),
                                static_cast<socklen_t>(kName.size())) == 0 ||
                   errno == ENOTCONN);
}

void set_protocol(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers12);
  SSL_CTX_set1_groups_list(context, kGroups);
  // An end without close_notify is an end: HTTP says itself how long everything is.
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (kernel_has_tls()) SSL_CTX_set_options(context, SSL_OP_ENABLE_KTLS);
  // Buffers only while there is something in them; as send(2), a write may take a part.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

void set_resumption(SSL_CTX* context, TicketKeys& keys) {
  constexpr std::string_view kName = "chartmuseum";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kName.data()),
                                 static_cast<unsigned>(kName.size()));
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // the tickets hold the sessions
  SSL_CTX_set_timeout(context, std::chrono::seconds(TicketKeys::kRotation).count());
  SSL_CTX_set_num_tickets(context, 1);
  keys.serve(context);
  SSL_CTX_set_session_ticket_cb(context, nullptr, judge_ticket, nullptr);
}

std::string problem(const std::filesystem::path& path, std::string_view what) {
  return path.string() + ": " + std::string(what);
}

using Result = std::expected<void, std::string>;

Result use_identity(SSL_CTX* context, const TlsSettings& settings) {
  const auto certificates = read_certificates(settings.certificate);
  if (!certificates) return std::unexpected(certificates.error());
  const auto key = read_private_key(settings.key);
  if (!key) return std::unexpected(key.error());
  ERR_clear_error();
  if (SSL_CTX_use_certificate(context, certificates->front().get()) != 1) {
    return std::unexpected(
        problem(settings.certificate, "cannot be used: " + take_openssl_error()));
  }
  for (std::size_t i = 1; i < certificates->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, (*certificates)[i].get()) != 1) {
      return std::unexpected(problem(
          settings.certificate,
          "certificate " + std::to_string(i + 1) + " cannot be used: " + take_openssl_error()));
    }
  }
  if (X509_check_private_key(certificates->front().get(), key->get()) != 1) {
    ERR_clear_error();
    return std::unexpected(problem(settings.key, "is not the key of the first certificate in " +
                                                     settings.certificate.string() +
                                                     "; the server's own comes first there"));
  }
  if (SSL_CTX_use_PrivateKey(context, key->get()) != 1) {
    return std::unexpected(problem(settings.key, "cannot be used: " + take_openssl_error()));
  }
  return {};
}

/// Certificates of clients are asked for, and verified, against `path` alone.
Result use_authorities(SSL_CTX* context, const std::filesystem::path& path) {
  const auto authorities = read_authorities(path);
  if (!authorities) return std::unexpected(authorities.error());
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  // What is named is trusted, be it an intermediate authority.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  ERR_clear_error();
  for (const CertificatePointer& authority : *authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return std::unexpected(problem(path, "cannot be used: " + take_openssl_error()));
    }
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

std::vector<std::string> warnings_of(const SSL_CTX* context) {
  std::vector<std::string> warnings;
  const X509* const certificate = SSL_CTX_get0_certificate(context);
  if (certificate == nullptr) return warnings;
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0) {
    warnings.emplace_back("the certificate has expired");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    warnings.emplace_back("the certificate is not valid yet; is the clock right?");
  }
  return warnings;
}

}  // namespace

TlsContext::TlsContext(SslContextPointer context)
    : context_(std::move(context)), warnings_(warnings_of(context_.get())) {
  set_resumption(context_.get(), ticket_keys_);
}

std::expected<std::shared_ptr<const TlsContext>, std::string> TlsContext::load(
    const TlsSettings& settings) {
  SslContextPointer context(SSL_CTX_new(TLS_server_method()));
  if (!context) throw std::bad_alloc();
  set_protocol(context.get());
  if (auto used = use_identity(context.get(), settings); !used) {
    return std::unexpected(used.error());
  }
  if (!settings.client_authorities.empty()) {
    if (auto used = use_authorities(context.get(), settings.client_authorities); !used) {
      return std::unexpected(used.error());
    }
  }
  return std::make_shared<const TlsContext>(std::move(context));
}

}  // namespace chartmuseum::http
