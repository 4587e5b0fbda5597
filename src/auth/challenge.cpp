// SPDX-License-Identifier: Apache-2.0
#include "auth/challenge.hpp"

#include "auth/token_actions.hpp"
#include "base/ascii.hpp"

namespace chartmuseum::auth {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out += '"';
  for (const char c : text) {
    if (is_control_character(c)) {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string basic_challenge(std::string_view realm) {
  std::string challenge = "Basic realm=";
  append_quoted(challenge, realm);
  return challenge;
}

std::string bearer_challenge(std::string_view realm, std::string_view service,
                             std::string_view repository, Action action) {
  std::string scope(kAccessEntryType);
  scope.append(":").append(token_repository(repository)).append(":").append(token_action(action));
  std::string challenge = "Bearer realm=";
  append_quoted(challenge, realm);
  challenge += ",service=";
  append_quoted(challenge, service);
  challenge += ",scope=";
  append_quoted(challenge, scope);
  return challenge;
}

}  // namespace chartmuseum::auth
