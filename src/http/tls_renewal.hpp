// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/watched_file.hpp"
#include "http/tls_context.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace chartmuseum::http {

/// The TlsContext for new connections, made anew when its files change. Thread-safe; all but
/// current() read files and may block.
class RenewedTlsContext {
 public:
  RenewedTlsContext(TlsSettings settings, telemetry::Log log);

  /// Loads the files for the first time; why they cannot be used.
  [[nodiscard]] std::expected<void, std::string> load();
  /// Loads them again. Where that fails, the context stays and an error is logged.
  void reload();
  /// The same if one of them has changed, and none since the last call: a certificate and its key
  /// are rarely written in the same instant.
  void reload_if_changed();

  /// Never null once load() has succeeded.
  [[nodiscard]] std::shared_ptr<const TlsContext> current() const;

 private:
  [[nodiscard]] bool look();
  [[nodiscard]] std::expected<void, std::string> take();
  void replace();

  TlsSettings settings_;
  telemetry::Log log_;
  std::mutex loading_;  // held while files are read
  std::vector<WatchedFile> files_;
  bool changed_ = false;  // since they were last loaded, with success or not
  mutable std::mutex publishing_;
  std::shared_ptr<const TlsContext> current_;
};

}  // namespace chartmuseum::http
