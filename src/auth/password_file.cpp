// SPDX-License-Identifier: Apache-2.0
#include "auth/password_file.hpp"

#include "auth/password_hash.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

namespace chartmuseum::auth {

std::expected<std::unique_ptr<PasswordFile>, std::string> PasswordFile::open(
    const std::string& path, const telemetry::Log& log) {
  ReloadedFile<Content>::Settings settings;
  settings.path = path;
  settings.purpose = "password file";
  settings.log = log;
  auto parse = [path](std::string_view text) -> std::expected<Content, std::string> {
    auto users = PasswordTable::parse(text, path);
    if (!users) return std::unexpected(std::move(users.error()));
    return Content{std::move(*users)};
  };
  auto file = ReloadedFile<Content>::open(std::move(settings), std::move(parse));
  if (!file) return std::unexpected(std::move(file.error()));
  return std::unique_ptr<PasswordFile>(new PasswordFile(std::move(*file)));
}

bool PasswordFile::recently_verified(std::string_view user, std::string_view password) {
  return file_->current()->verified->contains(hash_({user, password}));
}

bool PasswordFile::verify(std::string_view user, std::string_view password) {
  const std::shared_ptr<const Content> content = file_->current();
  const KeyedDigest login = hash_({user, password});
  if (content->verified->contains(login)) return true;

  const std::string* hash = content->users.hash_of(user);
  // For a user that does not exist, somebody else's hash, always the same one: neither the time
  // nor how it varies tells him from one that does.
  std::uint64_t number = 0;
  const KeyedDigest of_user = hash_({user});
  std::memcpy(&number, of_user.data(), sizeof number);
  const std::string& hashed = hash != nullptr ? *hash : content->users.some_hash(number);
  const bool matches = matches_hash(password, hashed);
  if (!matches || hash == nullptr) return false;
  content->verified->insert(login);
  return true;
}

}  // namespace chartmuseum::auth
