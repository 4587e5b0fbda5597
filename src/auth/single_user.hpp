// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/keyed_hash.hpp"
#include "auth/secret.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// The one user of --basic-auth-user and --basic-auth-pass. Neither the name nor the password is
/// kept. Thread-safe.
class SingleUser {
 public:
  SingleUser(std::string_view user, const Secret& password);

  /// Takes a time that depends on nothing but the lengths of what was given.
  [[nodiscard]] bool matches(std::string_view user, std::string_view password) const;

 private:
  KeyedHash hash_;
  KeyedDigest expected_;
};

/// The password in the file that BASIC_AUTH_PASS_FILE names, without one line feed (or CR LF) at
/// its end. The error names the file and the reason, which may be that the password is empty or
/// that no client could send it.
[[nodiscard]] std::expected<Secret, std::string> read_password_of_file(const std::string& path);

}  // namespace chartmuseum::auth
