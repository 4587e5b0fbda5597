// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chartmuseum {

/// A SHA-256 digest (FIPS 180-4).
class Digest {
 public:
  Digest() = default;

  [[nodiscard]] static Digest of(std::string_view bytes);
  /// Of the pieces, one after the other.
  [[nodiscard]] static Digest of(std::span<const std::string_view> pieces);
  /// From 64 hexadecimal digits of either case; nothing if `hex` is not exactly that.
  [[nodiscard]] static std::optional<Digest> from_hex(std::string_view hex);

  [[nodiscard]] std::string hex() const;
  [[nodiscard]] const std::array<std::uint8_t, 32>& bytes() const { return bytes_; }

  auto operator<=>(const Digest&) const = default;

 private:
  friend class DigestOfPieces;
  std::array<std::uint8_t, 32> bytes_{};
};

/// The digest of bytes that come in pieces. One thread at a time.
class DigestOfPieces {
 public:
  DigestOfPieces();
  DigestOfPieces(DigestOfPieces&& other) noexcept;
  DigestOfPieces& operator=(DigestOfPieces&& other) noexcept;
  ~DigestOfPieces();

  void append(std::string_view piece);
  /// Of all that was appended; nothing may be appended afterwards.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chartmuseum
