// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum {

/// A long text in shared, immutable pieces. Copying it copies pointers, not text, and whoever
/// holds it keeps its pieces alive. A value; distinct copies may be read by distinct threads.
class Rope {
 public:
  struct Piece {
    std::shared_ptr<const std::string> owner;
    std::string_view text;  // within *owner
  };

  Rope() = default;

  /// Appends all of `text`, shared. Empty text adds no piece.
  void append(std::shared_ptr<const std::string> text);
  /// Appends `part`, which must lie within `*owner`, shared.
  void append(std::shared_ptr<const std::string> owner, std::string_view part);
  /// Appends a text of its own; short neighbours are not joined.
  void append(std::string text);
  void append(const Rope& other);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<Piece> pieces_;
  std::size_t size_ = 0;
};

}  // namespace chartmuseum
