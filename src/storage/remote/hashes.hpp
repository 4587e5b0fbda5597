// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// What the signatures of services are made of. Results are bytes, not text, where nothing else is
/// said. They throw only if OpenSSL fails.

/// RFC 2104.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view text);

/// Lower-case digits.
[[nodiscard]] std::string hex(std::string_view bytes);

/// RFC 4648, section 4: with padding.
[[nodiscard]] std::string base64(std::string_view bytes);
/// RFC 7515's base64url: section 5 of RFC 4648, without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
/// Nothing if `text` is not base64 with padding.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace chartmuseum::storage
