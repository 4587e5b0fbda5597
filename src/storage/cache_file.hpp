// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::storage {

/// What a file of the cache folder says of the object whose bytes it begins with. The layout:
///
///   bytes | etag | key | 32 bytes of lengths, time and a mark | SHA-256 of all that
///
/// The bytes come first so that the file can be sent with sendfile(2). Numbers are in this
/// machine's order: another's files look damaged, which costs a fetch.
struct CacheFileLabel {
  std::string etag;
  std::string key;
  std::uint64_t size = 0;  // of the object
  Timestamp modified;
};

/// What stands behind the object's bytes, but for the digest.
[[nodiscard]] std::string label_text(const CacheFileLabel& label);

/// How long the whole file is.
[[nodiscard]] std::uint64_t cache_file_size(const CacheFileLabel& label);

/// The label of an open file, which is of `file_size` bytes; nothing if it has no whole one.
[[nodiscard]] std::optional<CacheFileLabel> read_label(int file, std::uint64_t file_size);

/// Whether the file's digest is the right one. Reads all of it.
[[nodiscard]] bool is_undamaged(int file, std::uint64_t file_size);

/// Exactly so many bytes from an offset on; false if they cannot be had.
[[nodiscard]] bool read_exactly(int file, std::uint64_t at, char* bytes, std::size_t size);

}  // namespace chartmuseum::storage
