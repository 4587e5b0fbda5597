// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/tls_context.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace chartmuseum::http {

/// TLS (RFC 8446, RFC 5246) on a non-blocking socket, which must outlive it. Nothing here waits: as
/// with the system calls of the same names, a result of -1 with errno EAGAIN means to come back
/// when the socket is ready for what waits_for_write() says; with any other errno the stream is
/// broken. A write that did not go through is repeated with the same bytes, or more of them, before
/// anything else is written. Used on one thread only.
///
/// A client may send messages of its own besides the application's bytes, such as KeyUpdate (RFC
/// 8446, 4.6.3). One that sends nothing else for too long is cut off: OpenSSL goes on reading them
/// as long as more arrive, and nobody else of the thread would have a turn.
class TlsStream {
 public:
  TlsStream(std::shared_ptr<const TlsContext> context, int socket);
  TlsStream(const TlsStream&) = delete;  // OpenSSL knows where it is
  TlsStream& operator=(const TlsStream&) = delete;

  /// 1 once it is done.
  [[nodiscard]] int handshake();
  /// 0: the client sends no more.
  [[nodiscard]] ssize_t read(void* buffer, std::size_t size);
  /// Takes one record's bytes (kRecord) at the most.
  [[nodiscard]] ssize_t write(std::string_view bytes);
  /// Part of an open file: encrypted by the kernel where it can, so that sendfile(2) does. 0: the
  /// file ends before `offset`.
  [[nodiscard]] ssize_t send_file(int file, off_t offset, std::size_t size);
  /// Tells the client that nothing more comes (close_notify); 1 once that is sent.
  [[nodiscard]] int close_output();

  [[nodiscard]] bool waits_for_write() const { return SSL_want_write(ssl_.get()); }

  /// After the handshake: the subject of the client's certificate, which is verified (RFC 2253:
  /// "CN=ci,O=example", the most specific part first, in ASCII); nothing if none was asked for.
  [[nodiscard]] std::optional<std::string> client_certificate() const;

  /// Why the handshake failed, fit for a log.
  struct Failure {
    std::string reason;
    bool certificate = false;  // the client's was missing, or did not satisfy
  };
  [[nodiscard]] const Failure& failure() const { return failure_; }

  static constexpr std::size_t kRecord = SSL3_RT_MAX_PLAIN_LENGTH;

 private:
  static void note_message(int sent, int version, int type, const void* bytes, std::size_t size,
                           SSL* ssl, void* stream);
  [[nodiscard]] int blocked_or_broken(int result);
  void note_failure();

  std::shared_ptr<const TlsContext> context_;
  SslPointer ssl_;
  bool broken_ = false;
  bool secured_ = false;         // the handshake is done
  std::size_t without_use_ = 0;  // records and messages since bytes of the application came
  Failure failure_;
};

}  // namespace chartmuseum::http
