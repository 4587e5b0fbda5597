// SPDX-License-Identifier: Apache-2.0
#include "base/rope.hpp"

#include <utility>

namespace chartmuseum {

void Rope::append(std::shared_ptr<const std::string> text) {
  const std::string_view all = *text;
  append(std::move(text), all);
}

void Rope::append(std::shared_ptr<const std::string> owner, std::string_view part) {
  if (part.empty()) return;
  size_ += part.size();
  pieces_.push_back({std::move(owner), part});
}

void Rope::append(std::string text) {
  append(std::make_shared<const std::string>(std::move(text)));
}

void Rope::append(const Rope& other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  size_ += other.size_;
}

std::string Rope::to_string() const {
  std::string all;
  all.reserve(size_);
  for (const Piece& piece : pieces_) all += piece.text;
  return all;
}

}  // namespace chartmuseum
