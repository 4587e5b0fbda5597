// SPDX-License-Identifier: Apache-2.0
#include "http/tls_stream.hpp"

#include "http/pem_files.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <unistd.h>
#include <utility>

namespace chartmuseum::http {

namespace {

/// So many records and messages may come in a row without any byte of the application's. A
/// KeyUpdate is one of each. Clients that mean it send one in millions of records.
constexpr std::size_t kMostWithoutUse = 64;

std::string subject_of(const X509* certificate) {
  const BioPointer text(BIO_new(BIO_s_mem()));
  if (!text ||
      X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) {
    throw std::bad_alloc();
  }
  const char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TlsStream::TlsStream(std::shared_ptr<const TlsContext> context, int socket)
    : context_(std::move(context)), ssl_(SSL_new(context_->get())) {
  // The socket itself, not buffers between: the kernel can only take over what it sees.
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket) != 1) throw std::bad_alloc();
  SSL_set_accept_state(ssl_.get());
  SSL_set_msg_callback(ssl_.get(), note_message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
}

/// Called by OpenSSL for each record and each message. Clearing SSL_MODE_AUTO_RETRY would not do in
/// its place: with read-ahead, SSL_read then goes on nevertheless while a part of a record is left.
void TlsStream::note_message(int sent, int /*version*/, int type, const void* /*bytes*/,
                             std::size_t /*size*/, SSL* ssl, void* stream) {
  auto& self = *static_cast<TlsStream*>(stream);
  if (sent != 0 || !self.secured_) return;
  if (type != SSL3_RT_HEADER && type != SSL3_RT_HANDSHAKE) return;
  // As if the client had sent its end: that is where SSL_read stops.
  if (++self.without_use_ > kMostWithoutUse) {
    SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) | SSL_RECEIVED_SHUTDOWN);
  }
}

/// Turns what a call of OpenSSL's returned, if not success, into -1 and errno.
int TlsStream::blocked_or_broken(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
    errno = EAGAIN;
    return -1;
  }
  broken_ = true;
  if (error != SSL_ERROR_SYSCALL || errno == 0) errno = EPROTO;
  return -1;
}

int TlsStream::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    secured_ = true;
    return 1;
  }
  const int outcome = blocked_or_broken(result);
  if (broken_) {
    const int error = errno;
    note_failure();
    errno = error;
  }
  return outcome;
}

void TlsStream::note_failure() {
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  const long verified = SSL_get_verify_result(ssl_.get());
  failure_.certificate = reason == SSL_R_CERTIFICATE_VERIFY_FAILED ||
                         reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE;
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    failure_.reason = "the client sent no certificate";
  } else if (failure_.certificate && verified != X509_V_OK) {
    failure_.reason = X509_verify_cert_error_string(verified);
  } else if (ERR_peek_last_error() == 0) {
    failure_.reason = "the client left";
  } else {
    failure_.reason = take_openssl_error();
  }
  ERR_clear_error();
}

ssize_t TlsStream::read(void* buffer, std::size_t size) {
  if (broken_) return errno = EPIPE, -1;
  ERR_clear_error();
  errno = 0;
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_.get(), buffer, size, &got);
  if (result == 1) {
    without_use_ = 0;
    return static_cast<ssize_t>(got);
  }
  if (without_use_ > kMostWithoutUse) {
    broken_ = true;
    return errno = EPROTO, -1;
  }
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return 0;
  return blocked_or_broken(result);
}

ssize_t TlsStream::write(std::string_view bytes) {
  if (broken_) return errno = EPIPE, -1;
  ERR_clear_error();
  errno = 0;
  std::size_t taken = 0;
  const int result =
      SSL_write_ex(ssl_.get(), bytes.data(), std::min(bytes.size(), kRecord), &taken);
  return result == 1 ? static_cast<ssize_t>(taken) : blocked_or_broken(result);
}

ssize_t TlsStream::send_file(int file, off_t offset, std::size_t size) {
  if (broken_) return errno = EPIPE, -1;
  if (BIO_get_ktls_send(SSL_get_wbio(ssl_.get()))) {
    ERR_clear_error();
    errno = 0;
    const ossl_ssize_t sent = SSL_sendfile(ssl_.get(), file, offset, size, 0);
    return sent >= 0 ? sent : blocked_or_broken(static_cast<int>(sent));
  }
  std::array<char, kRecord> piece;
  const ssize_t got = ::pread(file, piece.data(), std::min(size, piece.size()), offset);
  if (got <= 0) return got;
  return write({piece.data(), static_cast<std::size_t>(got)});
}

int TlsStream::close_output() {
  if (broken_ || SSL_in_init(ssl_.get()) != 0) return 1;  // nothing may be sent any more, or yet
  ERR_clear_error();
  errno = 0;
  const int result = SSL_shutdown(ssl_.get());
  return result >= 0 ? 1 : blocked_or_broken(result);
}

std::optional<std::string> TlsStream::client_certificate() const {
  const X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return std::nullopt;
  return subject_of(certificate);
}

}  // namespace chartmuseum::http
