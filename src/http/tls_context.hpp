// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/openssl_pointers.hpp"
#include "http/ticket_keys.hpp"
#include "http/tls_settings.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::http {

/// What new connections are secured with: certificates, protocols, ciphers, tickets' keys. Does not
/// change once it is made, and is shared by all threads; connections keep the one that they began
/// with.
class TlsContext {
 public:
  /// Reads the files of `settings`; why they cannot be used.
  [[nodiscard]] static std::expected<std::shared_ptr<const TlsContext>, std::string> load(
      const TlsSettings& settings);

  explicit TlsContext(SslContextPointer context);

  [[nodiscard]] SSL_CTX* get() const { return context_.get(); }
  /// What clients will refuse though it could be loaded: a certificate before or after its time.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  TicketKeys ticket_keys_;  // before the context, which refers to it
  SslContextPointer context_;
  std::vector<std::string> warnings_;
};

}  // namespace chartmuseum::http
