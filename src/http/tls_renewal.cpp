// SPDX-License-Identifier: Apache-2.0
#include "http/tls_renewal.hpp"

#include "http/pem_files.hpp"

#include <utility>

namespace chartmuseum::http {

RenewedTlsContext::RenewedTlsContext(TlsSettings settings, telemetry::Log log)
    : settings_(std::move(settings)), log_(std::move(log)) {
  for (const auto& path : {settings_.certificate, settings_.key, settings_.client_authorities}) {
    if (!path.empty()) files_.emplace_back(path.string(), kLargestPemFile);
  }
}

/// Whether any file is not what it was at the last look.
bool RenewedTlsContext::look() {
  bool changed = false;
  for (WatchedFile& file : files_) changed = file.read_if_changed().has_value() || changed;
  return changed;
}

std::expected<void, std::string> RenewedTlsContext::take() {
  changed_ = false;
  auto context = TlsContext::load(settings_);
  if (!context) return std::unexpected(std::move(context.error()));
  for (const std::string& warning : (*context)->warnings()) {
    log_.error("Clients will refuse the TLS certificate",
               {{"file", std::string_view(settings_.certificate.native())},
                {"reason", std::string_view(warning)}});
  }
  const std::lock_guard lock(publishing_);
  current_.swap(*context);  // the old one goes without the lock
  return {};
}

void RenewedTlsContext::replace() {
  if (const auto taken = take(); !taken) {
    log_.error("Cannot reload the TLS files, the old ones stay in force",
               {{"reason", std::string_view(taken.error())}});
  } else {
    log_.info("Reloaded the TLS files",
              {{"certificate", std::string_view(settings_.certificate.native())}});
  }
}

std::expected<void, std::string> RenewedTlsContext::load() {
  const std::lock_guard lock(loading_);
  static_cast<void>(look());  // before the reading: a change during it is seen at the next look
  return take();
}

void RenewedTlsContext::reload() {
  const std::lock_guard lock(loading_);
  static_cast<void>(look());
  replace();
}

void RenewedTlsContext::reload_if_changed() {
  const std::lock_guard lock(loading_);
  if (look()) {
    changed_ = true;
  } else if (changed_) {
    replace();
  }
}

std::shared_ptr<const TlsContext> RenewedTlsContext::current() const {
  const std::lock_guard lock(publishing_);
  return current_;
}

}  // namespace chartmuseum::http
