// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// Whether `name` can be one segment of a key: 1 to 255 bytes, not "." or "..", without "/",
/// "\", NUL. Such a name stays inside its folder on every backend.
[[nodiscard]] bool valid_segment(std::string_view name);

/// Whether every segment of `key` is valid. The empty key is not.
[[nodiscard]] bool valid_key(std::string_view key);

/// "folder/name", or "name" in the root.
[[nodiscard]] std::string join_key(std::string_view folder, std::string_view name);

/// A valid key's folder ("" is the root) and the name in it; views into the key.
struct KeyParts {
  std::string_view folder;
  std::string_view name;
};
[[nodiscard]] KeyParts split_key(std::string_view key);

}  // namespace chartmuseum::storage
