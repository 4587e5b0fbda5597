// SPDX-License-Identifier: Apache-2.0
#include "storage/cache_file.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <unistd.h>
#include <vector>

namespace chartmuseum::storage {

namespace {

constexpr std::array<char, 8> kMark{'C', 'M', 'c', 'a', 'c', 'h', 'e', '1'};
constexpr std::size_t kDigestSize = 32;
constexpr std::uint32_t kLongestText = 64U << 10;  // of an etag or a key
constexpr std::size_t kRead = 256U << 10;

/// The part of fixed length.
struct Figures {
  std::uint32_t etag_size = 0;
  std::uint32_t key_size = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::array<char, 8> mark = kMark;
};
static_assert(sizeof(Figures) == 32);

constexpr std::size_t kTail = sizeof(Figures) + kDigestSize;

}  // namespace

bool read_exactly(int file, std::uint64_t at, char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::pread(file, bytes, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    at += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::string label_text(const CacheFileLabel& label) {
  Figures figures;
  figures.etag_size = static_cast<std::uint32_t>(label.etag.size());
  figures.key_size = static_cast<std::uint32_t>(label.key.size());
  figures.size = label.size;
  figures.modified = label.modified.time_since_epoch().count();
  std::array<char, sizeof(Figures)> bytes{};
  std::memcpy(bytes.data(), &figures, sizeof figures);
  return label.etag + label.key + std::string(bytes.data(), bytes.size());
}

std::uint64_t cache_file_size(const CacheFileLabel& label) {
  return label.size + label.etag.size() + label.key.size() + kTail;
}

std::optional<CacheFileLabel> read_label(int file, std::uint64_t file_size) {
  std::array<char, sizeof(Figures)> bytes{};
  if (file_size < kTail) return std::nullopt;
  if (!read_exactly(file, file_size - kTail, bytes.data(), bytes.size())) return std::nullopt;
  Figures figures;
  std::memcpy(&figures, bytes.data(), sizeof figures);
  if (figures.mark != kMark || figures.etag_size > kLongestText ||
      figures.key_size > kLongestText) {
    return std::nullopt;
  }
  const std::uint64_t texts = std::uint64_t{figures.etag_size} + figures.key_size;
  if (file_size - kTail < texts || file_size - kTail - texts != figures.size) return std::nullopt;
  CacheFileLabel label;
  label.etag.resize(figures.etag_size);
  label.key.resize(figures.key_size);
  label.size = figures.size;
  label.modified = Timestamp(std::chrono::nanoseconds(figures.modified));
  if (!read_exactly(file, label.size, label.etag.data(), label.etag.size()) ||
      !read_exactly(file, label.size + label.etag.size(), label.key.data(), label.key.size())) {
    return std::nullopt;
  }
  return label;
}

bool is_undamaged(int file, std::uint64_t file_size) {
  if (file_size < kTail) return false;
  DigestOfPieces digest;
  std::vector<char> buffer(kRead);
  const std::uint64_t end = file_size - kDigestSize;
  for (std::uint64_t at = 0; at < end;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, buffer.size()));
    if (!read_exactly(file, at, buffer.data(), size)) return false;
    digest.append({buffer.data(), size});
    at += size;
  }
  std::array<char, kDigestSize> stored{};
  if (!read_exactly(file, end, stored.data(), stored.size())) return false;
  const Digest computed = digest.finish();
  return std::memcmp(computed.bytes().data(), stored.data(), stored.size()) == 0;
}

}  // namespace chartmuseum::storage
