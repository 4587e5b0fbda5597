// SPDX-License-Identifier: Apache-2.0
#include "auth/single_user.hpp"

#include "base/ascii.hpp"
#include "base/watched_file.hpp"
#include "encoding/utf8.hpp"

#include <openssl/crypto.h>

#include <cstddef>
#include <optional>

namespace chartmuseum::auth {

namespace {

constexpr std::size_t kLargestFile = 4 << 10;

std::optional<std::string> objection_to(std::string_view password) {
  if (password.empty()) return "it holds no password";
  if (password.find('\n') != std::string_view::npos) return "it holds more than one line";
  if (has_control_character(password)) {
    return "the password holds a control character, which no client can send (RFC 7617)";
  }
  if (!encoding::is_utf8(password)) return "the password is not UTF-8";
  return std::nullopt;
}

}  // namespace

SingleUser::SingleUser(std::string_view user, const Secret& password)
    : expected_(hash_({user, password.reveal()})) {}

bool SingleUser::matches(std::string_view user, std::string_view password) const {
  return equal(hash_({user, password}), expected_);
}

std::expected<Secret, std::string> read_password_of_file(const std::string& path) {
  auto text = read_small_file(path, kLargestFile);
  if (!text) return std::unexpected("password file " + path + ": " + text.error());
  std::string_view password = *text;
  if (password.ends_with('\n')) password.remove_suffix(1);
  if (password.ends_with('\r')) password.remove_suffix(1);
  const std::optional<std::string> objection = objection_to(password);
  Secret secret(password);
  OPENSSL_cleanse(text->data(), text->size());
  if (objection) return std::unexpected("password file " + path + ": " + *objection);
  return secret;
}

}  // namespace chartmuseum::auth
