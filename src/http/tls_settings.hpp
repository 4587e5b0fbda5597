// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>

namespace chartmuseum::http {

/// Without a certificate: plain HTTP. All files are PEM.
struct TlsSettings {
  std::filesystem::path certificate;  // of the server, then those up to its authority
  std::filesystem::path key;          // of the first certificate
  /// Authorities that may sign clients' certificates. Where it is named, a client without such a
  /// certificate gets no further than the handshake.
  std::filesystem::path client_authorities;
  /// From the acceptance of a connection on; 0 is none.
  std::chrono::milliseconds handshake_timeout{10'000};

  [[nodiscard]] bool enabled() const { return !certificate.empty(); }
};

}  // namespace chartmuseum::http
