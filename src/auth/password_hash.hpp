// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// Why `hash` is not taken for a user's password, to be put after "the password of ... "; nothing
/// if it is taken: bcrypt ($2a$, $2b$, $2y$), SHA-crypt ($5$, $6$) or yescrypt ($y$), with a cost
/// that one attempt to log in may have (docs/design/auth.md). The text holds nothing of the hash,
/// which may be a password that somebody forgot to hash.
[[nodiscard]] std::optional<std::string> objection_to_hash(std::string_view hash);

/// Whether `password` is the one that was hashed. Takes as long as the hash was made to take
/// (1 ms to 1 s), whatever the outcome. A password that holds a zero byte or more than 511 bytes is
/// none. Of a password for bcrypt only the first 72 bytes count. Thread-safe.
[[nodiscard]] bool matches_hash(std::string_view password, const std::string& hash);

}  // namespace chartmuseum::auth
