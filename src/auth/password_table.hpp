// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace chartmuseum::auth {

/// The users of an htpasswd file and the hashes of their passwords.
class PasswordTable {
 public:
  /// Reads lines of `user:hash`, as Apache's htpasswd writes them. What follows a second colon,
  /// lines that begin with #, and blank lines are comments. At least one user is wanted, none
  /// twice. The error names the line and the user, never what stands where the hash should be;
  /// `path` is for the command that it recommends.
  [[nodiscard]] static std::expected<PasswordTable, std::string> parse(std::string_view text,
                                                                       std::string_view path);

  /// Null if there is no such user.
  [[nodiscard]] const std::string* hash_of(std::string_view user) const;

  /// The hash of some user, the same one for the same number.
  [[nodiscard]] const std::string& some_hash(std::uint64_t number) const;

 private:
  using Hashes = std::map<std::string, std::string, std::less<>>;
  explicit PasswordTable(Hashes hashes) : hashes_(std::move(hashes)) {}

  Hashes hashes_;  // never empty
};

}  // namespace chartmuseum::auth
