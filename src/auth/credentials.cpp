// SPDX-License-Identifier: Apache-2.0
#include "auth/credentials.hpp"

#include "base/ascii.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace chartmuseum::auth {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 4648, section 4; padding must be right if it is there.
std::optional<Secret> decode_base64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return std::nullopt;
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<char> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);  // at once: growing would leave copies behind
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;  // bits that stand for nothing
  return Secret(std::move(bytes));
}

Credentials parse_basic(std::string_view base64) {
  const std::optional<Secret> decoded = decode_base64(base64);
  if (!decoded) return MalformedCredentials{"the basic credentials are not base64"};
  const std::string_view text = decoded->reveal();
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return MalformedCredentials{"the basic credentials have no colon"};
  }
  if (has_control_character(text)) {
    return MalformedCredentials{"the basic credentials hold a control character"};
  }
  if (!encoding::is_utf8(text)) {
    return MalformedCredentials{"the basic credentials are not UTF-8"};
  }
  return BasicCredentials{std::string(text.substr(0, colon)), Secret(text.substr(colon + 1))};
}

Credentials parse_bearer(std::string_view token) {
  const std::string_view unpadded = token.substr(0, token.find_last_not_of('=') + 1);
  const bool is_b64token = !unpadded.empty() && std::ranges::all_of(unpadded, [](char c) {
    return is_letter_or_digit(c) || std::string_view("-._~+/").find(c) != std::string::npos;
  });
  if (!is_b64token) return MalformedCredentials{"the bearer token has characters that none has"};
  return BearerCredentials{Secret(token)};
}

}  // namespace

Credentials parse_credentials(std::string_view value) {
  value = trim(value);
  if (value.empty()) return NoCredentials{};
  if (value.size() > kLargestCredentials) {
    return MalformedCredentials{"the Authorization header is too large"};
  }
  const std::string_view scheme = value.substr(0, value.find(' '));
  if (!is_token(scheme)) {
    return MalformedCredentials{"the Authorization header has no scheme"};
  }
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  const bool basic = equal_ignoring_case(scheme, "basic");
  if (!basic && !equal_ignoring_case(scheme, "bearer")) return UnsupportedScheme{};
  if (value.empty()) return MalformedCredentials{"the Authorization header has only a scheme"};
  return basic ? parse_basic(value) : parse_bearer(value);
}

}  // namespace chartmuseum::auth
