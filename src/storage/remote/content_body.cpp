// SPDX-License-Identifier: Apache-2.0
#include "storage/remote/content_body.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::storage {

namespace {

struct Piece {
  std::uint64_t begin = 0;  // its place in the body
  std::string_view bytes;   // not empty
};

class ContentBody final : public transport::BodySource {
 public:
  ContentBody(std::vector<Piece> pieces, std::uint64_t size)
      : pieces_(std::move(pieces)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }

  [[nodiscard]] std::optional<std::size_t> read(std::uint64_t offset,
                                                std::span<char> into) const override {
    // The last piece that begins at the offset or before it.
    auto piece = std::prev(std::ranges::upper_bound(pieces_, offset, {}, &Piece::begin));
    std::size_t done = 0;
    std::size_t skipped = offset - piece->begin;
    for (; piece != pieces_.end() && done < into.size(); ++piece, skipped = 0) {
      done += piece->bytes.copy(into.data() + done, into.size() - done, skipped);
    }
    return done;
  }

 private:
  std::vector<Piece> pieces_;
  std::uint64_t size_;
};

}  // namespace

std::shared_ptr<const transport::BodySource> body_of(const Content& content, std::uint64_t offset,
                                                     std::uint64_t size) {
  std::vector<Piece> pieces;
  std::uint64_t taken = 0;
  for (std::string_view bytes : content.pieces()) {
    const std::uint64_t skipped = std::min<std::uint64_t>(offset, bytes.size());
    offset -= skipped;
    bytes = bytes.substr(skipped, size - taken);
    if (bytes.empty()) continue;
    pieces.push_back({taken, bytes});
    taken += bytes.size();
  }
  return std::make_shared<const ContentBody>(std::move(pieces), taken);
}

std::shared_ptr<const transport::BodySource> body_of(const Content& content) {
  return body_of(content, 0, content.size());
}

}  // namespace chartmuseum::storage
