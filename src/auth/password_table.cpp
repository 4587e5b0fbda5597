// SPDX-License-Identifier: Apache-2.0
#include "auth/password_table.hpp"

#include "auth/password_hash.hpp"
#include "base/ascii.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

namespace chartmuseum::auth {

namespace {

constexpr std::size_t kLongestName = 255;

std::optional<std::string> objection_to_user(std::string_view user) {
  if (user.empty()) return "the user has no name";
  if (user.size() > kLongestName) {
    return "the user's name is longer than " + std::to_string(kLongestName) + " bytes";
  }
  if (has_control_character(user) || !encoding::is_utf8(user)) {
    return "the user's name is not UTF-8 text without control characters";
  }
  if (user.starts_with(' ') || user.ends_with(' ')) {
    return "the user's name begins or ends with a blank";
  }
  return std::nullopt;
}

/// Nothing that a shell would see more in than letters.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._@+-").find(c) != std::string_view::npos;
}

/// What makes a user's hash anew.
std::string command_for(const std::string& user, std::string_view path) {
  return "htpasswd -B " + std::string(path) + ' ' +
         (std::ranges::all_of(user, is_plain) ? user : "<user>");
}

/// The next line, without its end, which is taken off `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

std::expected<PasswordTable, std::string> PasswordTable::parse(std::string_view text,
                                                               std::string_view path) {
  static constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());

  Hashes hashes;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty() || line.starts_with('#')) continue;
    const auto refuse = [number](const std::string& problem) {
      return std::unexpected("line " + std::to_string(number) + ": " + problem);
    };
    const std::size_t colon = line.find(':');
    // What stands there may be a password.
    if (colon == std::string_view::npos) return refuse("no colon between a user and a hash");
    const std::string user(line.substr(0, colon));
    if (const auto objection = objection_to_user(user)) return refuse(*objection);
    const std::string_view after = line.substr(colon + 1);
    const std::string_view hash = after.substr(0, after.find(':'));
    if (const auto objection = objection_to_hash(hash)) {
      return refuse("the password of \"" + user + "\" " + *objection +
                    "; set it anew with: " + command_for(user, path));
    }
    if (!hashes.emplace(user, hash).second)
      return refuse("the user \"" + user + "\" is there twice");
  }
  if (hashes.empty()) return std::unexpected("it names no user");
  return PasswordTable(std::move(hashes));
}

const std::string* PasswordTable::hash_of(std::string_view user) const {
  const auto found = hashes_.find(user);
  return found == hashes_.end() ? nullptr : &found->second;
}

const std::string& PasswordTable::some_hash(std::uint64_t number) const {
  return std::next(hashes_.begin(), static_cast<std::ptrdiff_t>(number % hashes_.size()))->second;
}

}  // namespace chartmuseum::auth
