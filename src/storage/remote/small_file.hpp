// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <string>

namespace chartmuseum::storage {

/// For files that hold many credentials, or one that somebody else has made.
inline constexpr std::size_t kLargestCredentials = 1024UL * 1024;

/// A file with credentials, whole. The error names it and says why it cannot be read; one of more
/// than `limit` bytes cannot, nor one that is no regular file.
[[nodiscard]] std::expected<std::string, std::string> read_small_file(const std::string& path,
                                                                      std::size_t limit);

}  // namespace chartmuseum::storage
