// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// The bytes of base64url as JOSE writes it (RFC 7515, section 2): without padding, and nothing
/// but the alphabet. Nothing if `text` is not exactly what an encoder makes of some bytes: bits
/// that stand for nothing must be zero, so that no two texts mean the same.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace chartmuseum::auth
