// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/gzip.hpp"
#include "chart/package_error.hpp"
#include "chart/tar_header.hpp"

#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// A member of a tar archive as its headers describe it, extensions applied.
struct TarMember {
  std::string name;
  std::int64_t size = 0;  // as claimed: links claim what they like, sparse files all their holes
  bool is_directory = false;  // by type or by the directory bits of the mode
  bool is_global_header = false;
};

/// Reads a tar archive (V7, POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU, star) as Go's archive/tar
/// does: what it accepts, skips and refuses, and its words for it. Links, devices and FIFOs are
/// members without data; sparse files are read with their holes filled. The stream must outlive
/// it. Not thread-safe.
class TarReader {
 public:
  explicit TarReader(GzipReader& stream) : stream_(stream) {}

  /// Passes over what is left of the current member and goes to the next; null at the end of the
  /// archive. The member is valid until the next call.
  [[nodiscard]] std::expected<const TarMember*, PackageError> next();

  /// The current member's data, valid as long as the reader and the stream. To be called at most
  /// once a member, and only if the caller finds its claimed size acceptable.
  [[nodiscard]] std::expected<std::string_view, PackageError> read();

  /// As read, but keeps nothing: how many bytes of data there are.
  [[nodiscard]] std::expected<std::uint64_t, PackageError> skip();

 private:
  struct Fragment {  // of a sparse file: where data stands between its holes
    std::int64_t offset = 0;
    std::int64_t length = 0;
  };
  using SparseMap = std::vector<Fragment>;
  using Outcome = std::expected<void, PackageError>;

  [[nodiscard]] PackageError cut_off() const;
  std::expected<std::optional<TarHeader>, PackageError> read_header();
  Outcome begin_data(const TarHeader& header);
  std::expected<std::string, PackageError> read_extension();
  Outcome read_sparse_map(TarHeader& header, const PaxRecords& pax);
  std::expected<SparseMap, PackageError> sparse_map_in_headers(TarHeader& header);
  std::expected<SparseMap, PackageError> sparse_map_in_data();
  std::expected<std::string, PackageError> fill_sparse();

  GzipReader& stream_;
  TarMember member_;
  std::string block_;          // the last header block
  std::uint64_t stored_ = 0;   // bytes of the current member that are still in the stream
  std::uint64_t padding_ = 0;  // after them, to the next block
  std::optional<SparseMap> sparse_map_;
  std::deque<std::string> filled_;
};

}  // namespace chartmuseum::chart
