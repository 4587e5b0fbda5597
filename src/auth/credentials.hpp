// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace chartmuseum::auth {

struct NoCredentials {};

struct BasicCredentials {
  std::string user;  // UTF-8 without control characters or ':'; may be empty
  Secret password;   // the same, but for ':'
};

struct BearerCredentials {
  Secret token;  // not empty; the characters of RFC 6750's b64token
};

struct UnsupportedScheme {};

/// Nothing of it can be used. The reason is a constant text for the log: nothing that was sent is
/// in it.
struct MalformedCredentials {
  std::string_view reason;
};

using Credentials = std::variant<NoCredentials, BasicCredentials, BearerCredentials,
                                 UnsupportedScheme, MalformedCredentials>;

/// Longer values are malformed. A token of 16 KiB, the largest that is taken, fits as a password
/// too.
inline constexpr std::size_t kLargestCredentials = 24 << 10;

/// What the value of an Authorization header holds (RFC 9110, 11.4; RFC 7617 for Basic; RFC 6750,
/// 2.1 for Bearer). An empty value is as good as no header. The padding of base64 may be left out,
/// as some clients do; all else is strict.
[[nodiscard]] Credentials parse_credentials(std::string_view value);

}  // namespace chartmuseum::auth
