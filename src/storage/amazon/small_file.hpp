// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace chartmuseum::storage::amazon {

/// The whole of a regular file, such as a token; nothing if it cannot be read or has more than a
/// mebibyte. Reads on the caller's thread.
[[nodiscard]] std::optional<std::string> read_small_file(const std::string& path);

}  // namespace chartmuseum::storage::amazon
