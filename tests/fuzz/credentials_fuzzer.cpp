// SPDX-License-Identifier: Apache-2.0
// The value of an Authorization header may hold anything.
#include "auth/credentials.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

namespace auth = chartmuseum::auth;

namespace {

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const auth::Credentials credentials = auth::parse_credentials(value);
  if (const auto* basic = std::get_if<auth::BasicCredentials>(&credentials)) {
    if (basic->user.find(':') != std::string::npos || has_control(basic->user)) std::abort();
    if (has_control(basic->password.reveal())) std::abort();
  }
  if (const auto* bearer = std::get_if<auth::BearerCredentials>(&credentials)) {
    const std::string_view token = bearer->token.reveal();
    if (token.empty() || !value.contains(token) || has_control(token)) std::abort();
  }
  return 0;
}
