// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/rope.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

/// Bytes that are to be stored, in pieces, so that nothing long has to be copied together first.
/// Refers to the bytes, which must stay valid for as long as it is used.
class Content {
 public:
  template <std::convertible_to<std::string_view> Text>
  Content(const Text& text)  // NOLINT(google-explicit-constructor): most content is one text
      : pieces_{std::string_view(text)}, size_(pieces_.front().size()) {}

  explicit Content(const Rope& rope) : size_(rope.size()) {
    pieces_.reserve(rope.pieces().size());
    for (const Rope::Piece& piece : rope.pieces()) pieces_.push_back(piece.text);
  }

  /// The digest of all bytes, for the store to keep beside them and to hand out with their start
  /// (ObjectStart::digest), where it can. Whoever sets it vouches for it.
  void set_digest(std::optional<Digest> digest) { digest_ = digest; }
  [[nodiscard]] const std::optional<Digest>& digest() const { return digest_; }

  /// Nobody will ask for it soon, so no cache is to keep it.
  void set_seldom_read() { seldom_read_ = true; }
  [[nodiscard]] bool seldom_read() const { return seldom_read_; }

  [[nodiscard]] std::span<const std::string_view> pieces() const { return pieces_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string to_string() const {
    std::string text;
    text.reserve(size_);
    for (const std::string_view piece : pieces_) text += piece;
    return text;
  }

 private:
  std::vector<std::string_view> pieces_;
  std::size_t size_ = 0;
  std::optional<Digest> digest_;
  bool seldom_read_ = false;
};

}  // namespace chartmuseum::storage
