// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/tls_settings.hpp"
#include "support/certificates.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace chartmuseum::http::test {

/// A folder of its own with a server's PEM files in it.
class TlsFiles {
 public:
  TlsFiles();
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;
  ~TlsFiles();

  [[nodiscard]] std::filesystem::path path(std::string_view name) const { return folder_ / name; }
  /// Puts a file in place as a whole, as those do who replace certificates.
  std::filesystem::path write(std::string_view name, std::string_view text) const;
  /// tls.crt and tls.key.
  void write(const chartmuseum::test::Identity& identity) const;

  /// With tls.crt and tls.key, and with ca.crt if `mutual`.
  [[nodiscard]] TlsSettings settings(bool mutual = false) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace chartmuseum::http::test
