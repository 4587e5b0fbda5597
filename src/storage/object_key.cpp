// SPDX-License-Identifier: Apache-2.0
#include "storage/object_key.hpp"

namespace chartmuseum::storage {

namespace {

constexpr std::size_t kLongestName = 255;  // NAME_MAX of every common file system
constexpr std::string_view kForbidden("/\\\0", 3);

}  // namespace

bool valid_segment(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  if (name == "." || name == "..") return false;
  return name.find_first_of(kForbidden) == std::string_view::npos;
}

bool valid_key(std::string_view key) {
  while (true) {
    const std::size_t slash = key.find('/');
    if (!valid_segment(key.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    key.remove_prefix(slash + 1);
  }
}

std::string join_key(std::string_view folder, std::string_view name) {
  std::string key;
  key.reserve(folder.size() + 1 + name.size());
  key += folder;
  if (!folder.empty()) key += '/';
  key += name;
  return key;
}

KeyParts split_key(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  if (slash == std::string_view::npos) return {{}, key};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

}  // namespace chartmuseum::storage
