// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/gzip.hpp"
#include "chart/package_error.hpp"
#include "chart/tar.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// Bounds that keep a hostile package harmless. The first two are Helm's, and hold for each
/// archive within a package by itself; the others are generous, hold for a package with all that
/// is packed within it, and are there because Helm's alone do not bound the work.
struct ArchiveLimits {
  std::uint64_t file_size = 5'242'880;      // a member may have this many bytes
  std::uint64_t total_size = 104'857'600;   // all members together must stay below
  std::uint64_t stream_size = 536'870'912;  // all that is inflated: headers, padding, data
  std::size_t nesting = 64;                 // charts within charts
  std::size_t subcharts = 10'000;           // at all depths
};

/// The files of a chart archive (a gzipped tar) in their order, by the rules of Helm's loader: the
/// top directory, whatever its name, is dropped from paths, directories are passed over, and
/// everything else is a file. Errors are Helm's. Not thread-safe.
class ArchiveReader {
 public:
  /// `bytes` must outlive it. Inflates no more than `stream_size` bytes.
  ArchiveReader(std::string_view bytes, const ArchiveLimits& limits, std::uint64_t stream_size);

  /// The path of the next file below the top directory, cleaned ("templates/service.yaml"), valid
  /// until the next call; nothing at the end. An archive without files is an error.
  [[nodiscard]] std::expected<std::optional<std::string_view>, PackageError> next();

  /// The current file's data without a leading byte order mark, valid as long as the reader. To
  /// be called at most once a file; what is not read is still checked to be there.
  [[nodiscard]] std::expected<std::string_view, PackageError> read();

  /// How many bytes were inflated so far.
  [[nodiscard]] std::uint64_t inflated() const { return stream_.inflated(); }

 private:
  std::expected<void, PackageError> finish_file();

  const ArchiveLimits& limits_;
  GzipReader stream_;
  TarReader tar_;
  std::uint64_t remaining_;    // of total_size
  std::uint64_t pending_ = 0;  // the current file's claimed size
  bool unread_ = false;
  bool any_file_ = false;
  std::string path_;
};

}  // namespace chartmuseum::chart
