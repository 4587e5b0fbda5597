// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/keyed_hash.hpp"
#include "auth/password_table.hpp"
#include "auth/reloaded_file.hpp"
#include "auth/verified_logins.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// The users of --auth-htpasswd: an htpasswd file (PasswordTable), read anew when it changes
/// (ReloadedFile). Thread-safe.
class PasswordFile {
 public:
  /// The error is one for the command line.
  [[nodiscard]] static std::expected<std::unique_ptr<PasswordFile>, std::string> open(
      const std::string& path, const telemetry::Log& log);

  /// Whether this very login was found right lately, with the file as it is. Takes about a
  /// microsecond.
  [[nodiscard]] bool recently_verified(std::string_view user, std::string_view password);

  /// Whether this is a user's password. Blocks while the password is hashed, about 50 ms, just
  /// as long for a user that does not exist. Belongs on a WorkerPool of its own with few threads,
  /// so that logins never occupy all workers; those of one client that arrive together are then
  /// hashed once.
  [[nodiscard]] bool verify(std::string_view user, std::string_view password);

  /// Looks for a change at once, for SIGHUP.
  void look_now() { file_->look_now(); }

 private:
  /// With the file goes what was verified by it.
  struct Content {
    PasswordTable users;
    std::unique_ptr<VerifiedLogins> verified = std::make_unique<VerifiedLogins>();
  };

  explicit PasswordFile(std::unique_ptr<ReloadedFile<Content>> file) : file_(std::move(file)) {}

  KeyedHash hash_;
  std::unique_ptr<ReloadedFile<Content>> file_;
};

}  // namespace chartmuseum::auth
