// SPDX-License-Identifier: Apache-2.0
// The part of TarReader that fills the holes of sparse files.
#include "chart/tar.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chartmuseum::chart {

namespace {

constexpr char kGnuSparse = 'S';

std::unexpected<PackageError> sparse_map_too_long() {
  return std::unexpected(PackageError{"archive/tar: sparse map too long"});
}

// Splits off what stands before the next `separator` (or the rest).
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return token;
}

}  // namespace

// GNU tar has had four ways to store files with holes; see its manual, "Storing Sparse Files".
std::expected<void, PackageError> TarReader::read_sparse_map(TarHeader& header,
                                                             const PaxRecords& pax) {
  std::expected<SparseMap, PackageError> map;
  if (header.type == kGnuSparse) {
    map = sparse_map_in_headers(header);
  } else {
    const std::string_view major = pax.value("GNU.sparse.major");
    const std::string_view minor = pax.value("GNU.sparse.minor");
    const bool in_data = major == "1" && minor == "0";
    const bool in_records =
        (major == "0" && (minor == "0" || minor == "1")) ||
        (major.empty() && minor.empty() && !pax.value("GNU.sparse.map").empty());
    if (!in_data && !in_records) return {};

    if (const std::string_view name = pax.value("GNU.sparse.name"); !name.empty()) {
      header.name = name;
    }
    std::string_view size = pax.value("GNU.sparse.size");
    if (size.empty()) size = pax.value("GNU.sparse.realsize");
    if (!size.empty()) {
      const std::optional<std::int64_t> number = parse_decimal(size);
      if (!number) return std::unexpected(invalid_tar_header());
      header.size = *number;
    }
    if (in_data) {
      map = sparse_map_in_data();
    } else {
      const std::optional<std::int64_t> count = parse_decimal(pax.value("GNU.sparse.numblocks"));
      std::string_view numbers = pax.value("GNU.sparse.map");
      if (!count || *count < 0) return std::unexpected(invalid_tar_header());
      const auto listed = numbers.empty() ? 0 : std::ranges::count(numbers, ',') + 1;
      if (listed % 2 != 0 || listed / 2 != *count) return std::unexpected(invalid_tar_header());
      while (std::cmp_less(map->size(), *count)) {
        const std::optional<std::int64_t> offset = parse_decimal(take_until(numbers, ','));
        const std::optional<std::int64_t> length = parse_decimal(take_until(numbers, ','));
        if (!offset || !length) return std::unexpected(invalid_tar_header());
        map->push_back({*offset, *length});
      }
    }
  }
  if (!map) return std::unexpected(std::move(map.error()));

  // In order, without overlap, within the file.
  if (header.has_no_data() || header.size < 0) return std::unexpected(invalid_tar_header());
  std::int64_t position = 0;
  for (const Fragment& fragment : *map) {
    if (fragment.offset < position || fragment.length < 0 || fragment.offset > header.size ||
        fragment.length > header.size - fragment.offset) {
      return std::unexpected(invalid_tar_header());
    }
    position = fragment.offset + fragment.length;
  }
  sparse_map_ = *std::move(map);
  return {};
}

// The old way: four entries in the header, more in blocks that follow it.
std::expected<TarReader::SparseMap, PackageError> TarReader::sparse_map_in_headers(
    TarHeader& header) {
  constexpr std::size_t kNumber = 12;
  constexpr std::size_t kEntry = 2 * kNumber;
  if (!is_gnu_tar_header(block_)) return std::unexpected(invalid_tar_header());
  const std::string_view block = block_;
  const std::optional<std::int64_t> size = parse_tar_number(block.substr(483, kNumber));
  if (!size) return std::unexpected(invalid_tar_header());
  header.size = *size;

  SparseMap map;
  std::string entries(block.substr(386, 4 * kEntry + 1));  // the last byte: whether more follow
  for (std::size_t total = entries.size(); total < kTarExtensionLimit; total += entries.size()) {
    const std::size_t count = entries.size() / kEntry;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view entry = std::string_view(entries).substr(i * kEntry, kEntry);
      if (entry[0] == '\0') break;
      const std::optional<std::int64_t> offset = parse_tar_number(entry.substr(0, kNumber));
      const std::optional<std::int64_t> length = parse_tar_number(entry.substr(kNumber));
      if (!offset || !length) return std::unexpected(invalid_tar_header());
      map.push_back({*offset, *length});
    }
    if (entries[count * kEntry] == '\0') return map;
    entries = stream_.read(kTarBlockSize);
    if (entries.size() < kTarBlockSize) return std::unexpected(cut_off());
  }
  return sparse_map_too_long();
}

// The new way: lines of decimal numbers before the data, up to the end of a block.
std::expected<TarReader::SparseMap, PackageError> TarReader::sparse_map_in_data() {
  std::string text;
  std::int64_t lines = 0;
  const auto read_lines = [&](std::int64_t wanted) -> Outcome {
    while (lines < wanted) {
      if (text.size() + kTarBlockSize > kTarExtensionLimit) return sparse_map_too_long();
      const auto available =
          static_cast<std::size_t>(std::min<std::uint64_t>(stored_, kTarBlockSize));
      const std::string_view block = stream_.read(available);
      if (block.size() < available) return std::unexpected(cut_off());
      if (available < kTarBlockSize) return std::unexpected(PackageError{"unexpected EOF"});
      stored_ -= available;
      lines += std::ranges::count(block, '\n');
      text.append(block);
    }
    return {};
  };
  if (Outcome first = read_lines(1); !first) return std::unexpected(first.error());
  std::string_view head = text;
  const std::string_view first_line = take_until(head, '\n');
  const std::optional<std::int64_t> count = parse_decimal(first_line);
  if (!count || *count < 0 || *count > std::numeric_limits<std::int64_t>::max() / 2) {
    return std::unexpected(invalid_tar_header());
  }
  const std::size_t start = first_line.size() + 1;
  --lines;
  if (Outcome rest = read_lines(2 * *count); !rest) return std::unexpected(rest.error());

  SparseMap map;
  std::string_view numbers = std::string_view(text).substr(start);
  while (std::cmp_less(map.size(), *count)) {
    const std::optional<std::int64_t> offset = parse_decimal(take_until(numbers, '\n'));
    const std::optional<std::int64_t> length = parse_decimal(take_until(numbers, '\n'));
    if (!offset || !length) return std::unexpected(invalid_tar_header());
    map.push_back({*offset, *length});
  }
  return map;
}

std::expected<std::string, PackageError> TarReader::fill_sparse() {
  std::string file(static_cast<std::size_t>(member_.size), '\0');
  for (const Fragment& fragment : *sparse_map_) {
    const auto length = static_cast<std::uint64_t>(fragment.length);
    const auto available = static_cast<std::size_t>(std::min(length, stored_));
    const std::string_view data = stream_.read(available);
    if (data.size() < available) return std::unexpected(cut_off());
    stored_ -= available;
    if (available < length) {
      return std::unexpected(PackageError{"archive/tar: sparse file references non-existent data"});
    }
    std::ranges::copy(data, file.begin() + fragment.offset);
  }
  if (stored_ > 0) {
    return std::unexpected(PackageError{"archive/tar: sparse file contains unreferenced data"});
  }
  return file;
}

}  // namespace chartmuseum::chart
