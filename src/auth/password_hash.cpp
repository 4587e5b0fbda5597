// SPDX-License-Identifier: Apache-2.0
#include "auth/password_hash.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <crypt.h>
#include <cstddef>
#include <cstring>
#include <memory>

namespace chartmuseum::auth {

namespace {

// Each about half a second to a second of one core, or 128 MiB: more would let a few attempts
// to log in occupy the machine.
constexpr int kCheapestBcrypt = 4;
constexpr int kDearestBcrypt = 14;
constexpr int kFewestRounds = 1'000;  // libxcrypt's own limit
constexpr int kMostRounds = 1'000'000;
// yescrypt's parameters as crypt_gensalt(3) writes its costs 1 to 8.
constexpr std::array<std::string_view, 8> kYescryptCosts{"j75", "j85", "j7T", "j8T",
                                                         "j9T", "jAT", "jBT", "jCT"};

constexpr std::string_view kDamaged = "is cut off or damaged";

bool is_crypt_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '.' && c <= '9');
  });
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::string> objection_to_bcrypt(std::string_view after_prefix) {
  // cost$ 22 characters of salt, 31 of hash
  if (after_prefix.size() != 56 || after_prefix[2] != '$' ||
      !is_crypt_text(after_prefix.substr(3))) {
    return std::string(kDamaged);
  }
  const std::optional<int> cost = number_in(after_prefix.substr(0, 2));
  if (!cost || *cost < kCheapestBcrypt) return std::string(kDamaged);
  if (*cost > kDearestBcrypt) {
    return "has the bcrypt cost " + std::to_string(*cost) + ", more than " +
           std::to_string(kDearestBcrypt);
  }
  return std::nullopt;
}

std::optional<std::string> objection_to_sha_crypt(std::string_view after_prefix,
                                                  std::size_t hash_size) {
  static constexpr std::string_view kRounds = "rounds=";
  if (after_prefix.starts_with(kRounds)) {
    after_prefix.remove_prefix(kRounds.size());
    const std::size_t end = after_prefix.find('$');
    const std::string_view digits = after_prefix.substr(0, end);
    if (end == std::string_view::npos || digits.empty() || digits.starts_with('0') ||
        digits.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::string(kDamaged);
    }
    const std::optional<int> rounds = number_in(digits);  // nothing: too many for an int
    if (!rounds || *rounds > kMostRounds) {
      return "has more than " + std::to_string(kMostRounds) + " rounds";
    }
    if (*rounds < kFewestRounds) {
      return "has fewer than " + std::to_string(kFewestRounds) + " rounds";
    }
    after_prefix.remove_prefix(end + 1);
  }
  const std::size_t end = after_prefix.find('$');
  if (end == std::string_view::npos || end > 16) return std::string(kDamaged);
  const std::string_view hash = after_prefix.substr(end + 1);
  if (hash.size() != hash_size || !is_crypt_text(hash)) return std::string(kDamaged);
  return std::nullopt;
}

std::optional<std::string> objection_to_yescrypt(std::string_view after_prefix) {
  const std::size_t parameters = after_prefix.find('$');
  if (parameters == std::string_view::npos) return std::string(kDamaged);
  if (std::ranges::find(kYescryptCosts, after_prefix.substr(0, parameters)) ==
      kYescryptCosts.end()) {
    return "has a yescrypt cost above 8, or parameters that mkpasswd does not use";
  }
  after_prefix.remove_prefix(parameters + 1);
  const std::size_t salt = after_prefix.find('$');
  if (salt == std::string_view::npos || salt > 86 || !is_crypt_text(after_prefix.substr(0, salt))) {
    return std::string(kDamaged);
  }
  const std::string_view hash = after_prefix.substr(salt + 1);
  if (hash.size() != 43 || !is_crypt_text(hash)) return std::string(kDamaged);
  return std::nullopt;
}

std::optional<std::string> objection_by_form(std::string_view hash) {
  for (const std::string_view prefix : {"$2a$", "$2b$", "$2y$"}) {
    if (hash.starts_with(prefix)) return objection_to_bcrypt(hash.substr(prefix.size()));
  }
  if (hash.starts_with("$5$")) return objection_to_sha_crypt(hash.substr(3), 43);
  if (hash.starts_with("$6$")) return objection_to_sha_crypt(hash.substr(3), 86);
  if (hash.starts_with("$y$")) return objection_to_yescrypt(hash.substr(3));
  if (hash.empty()) return "is empty";
  if (hash.starts_with("$apr1$") || hash.starts_with("$1$")) return "is hashed with MD5, too weak";
  if (hash.starts_with("{SHA}") || hash.starts_with("{SSHA}")) {
    return "is hashed with SHA-1, too weak";
  }
  if (hash.starts_with("$2x$")) return "is hashed with a bcrypt that was broken ($2x$)";
  return "is not hashed in a form that is taken here (bcrypt, SHA-crypt, yescrypt)";
}

}  // namespace

std::optional<std::string> objection_to_hash(std::string_view hash) {
  if (auto objection = objection_by_form(hash)) return objection;
  const int salt = ::crypt_checksalt(std::string(hash).c_str());
  if (salt == CRYPT_SALT_OK || salt == CRYPT_SALT_METHOD_LEGACY) return std::nullopt;
  return std::string(kDamaged);
}

bool matches_hash(std::string_view password, const std::string& hash) {
  std::array<char, CRYPT_MAX_PASSPHRASE_SIZE> phrase{};
  if (password.size() >= phrase.size() || password.find('\0') != std::string_view::npos) {
    return false;
  }
  std::ranges::copy(password, phrase.begin());
  const auto data = std::make_unique<crypt_data>();
  const char* computed = ::crypt_rn(phrase.data(), hash.c_str(), data.get(), sizeof *data);
  OPENSSL_cleanse(phrase.data(), phrase.size());
  return computed != nullptr && std::strlen(computed) == hash.size() &&
         CRYPTO_memcmp(computed, hash.data(), hash.size()) == 0;
}

}  // namespace chartmuseum::auth
