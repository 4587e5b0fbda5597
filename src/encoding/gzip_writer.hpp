// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rope.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::encoding {

/// A text as deflate blocks (RFC 1951) that end on a byte's border.
struct DeflatedText {
  std::shared_ptr<const std::string> blocks;
  std::uint32_t crc = 0;   // CRC-32 of the text
  std::uint64_t size = 0;  // of the text
};

/// Takes about 15 ms per megabyte. The blocks may refer to the end of `before`, up to 32 KiB of it,
/// so that is what must stand right before the text in every stream; with an empty `before` they
/// stand behind anything.
[[nodiscard]] DeflatedText deflate(std::string_view text, std::string_view before = {});

/// Puts texts that were deflated before together to one gzip stream of one member (RFC 1952:
/// clients that know no more than one are common), for a few steps each, whatever their size.
/// Used once.
class GzipWriter {
 public:
  GzipWriter();

  /// For short texts: not compressed.
  void append(std::string_view text);
  void append(const DeflatedText& text);

  /// Shares the blocks of what was appended.
  [[nodiscard]] Rope finish();

 private:
  void store_pending();
  void count(std::uint32_t crc, std::uint64_t size);

  Rope stream_;
  std::string pending_;  // of what was appended as it is
  std::uint32_t crc_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace chartmuseum::encoding
