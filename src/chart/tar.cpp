// SPDX-License-Identifier: Apache-2.0
#include "chart/tar.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chartmuseum::chart {

namespace {

constexpr std::size_t kExtensionLimit = 1U << 20U;  // libarchive's, and Go's

// Type flags of headers; see <tar.h> and GNU tar's manual.
constexpr char kOldRegular = '\0';
constexpr char kDirectory = '5';
constexpr char kGlobalHeader = 'g';
constexpr char kExtendedHeader = 'x';
constexpr char kGnuLongName = 'L';
constexpr char kGnuLongLink = 'K';
constexpr char kGnuSparse = 'S';

bool has_no_data(char type) {
  return type >= '1' && type <= '6';
}

bool is_zero(std::string_view block) {
  return std::ranges::all_of(block, [](char c) { return c == '\0'; });
}

std::unexpected<PackageError> invalid_header() {
  return std::unexpected(PackageError{"archive/tar: invalid tar header"});
}

std::unexpected<PackageError> field_too_long() {
  return std::unexpected(PackageError{"archive/tar: header field too long"});
}

std::unexpected<PackageError> sparse_map_too_long() {
  return std::unexpected(PackageError{"archive/tar: sparse map too long"});
}

std::string until_nul(std::string text) {
  text.resize(std::min(text.size(), text.find('\0')));
  return text;
}

bool is_directory(const TarHeader& header) {
  constexpr std::uint32_t kPermissionBits = 07777;  // Go keeps 32 bits of the mode
  constexpr std::uint32_t kDirectoryBits = 040000;
  return header.type == kDirectory ||
         (static_cast<std::uint32_t>(header.mode) & ~kPermissionBits) == kDirectoryBits;
}

// Splits off what stands before the next `separator` (or the rest).
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return token;
}

}  // namespace

// What it means that fewer bytes came than had to.
PackageError TarReader::cut_off() const {
  return PackageError{stream_.failure().value_or("unexpected EOF")};
}

std::expected<const TarMember*, PackageError> TarReader::next() {
  PaxRecords pax;
  std::string long_name;
  for (;;) {
    if (stream_.skip(stored_) < stored_) return std::unexpected(cut_off());
    stored_ = 0;
    if (stream_.skip(padding_) < padding_) {
      // The padding after the last member may be missing.
      if (stream_.failure()) return std::unexpected(cut_off());
      return nullptr;
    }
    padding_ = 0;

    std::expected<std::optional<TarHeader>, PackageError> read = read_header();
    if (!read) return std::unexpected(std::move(read.error()));
    if (!*read) return nullptr;
    TarHeader& header = **read;
    if (Outcome begun = begin_data(header); !begun) return std::unexpected(begun.error());

    if (header.type == kExtendedHeader || header.type == kGlobalHeader) {
      const std::expected<std::string, PackageError> text = read_extension();
      if (!text) return std::unexpected(text.error());
      std::optional<PaxRecords> records = PaxRecords::parse(*text);
      if (!records) return invalid_header();
      if (header.type == kGlobalHeader) {
        member_ = {.name = std::move(header.name), .is_global_header = true};
        return &member_;
      }
      pax = *std::move(records);
      continue;
    }
    if (header.type == kGnuLongName || header.type == kGnuLongLink) {
      std::expected<std::string, PackageError> text = read_extension();
      if (!text) return std::unexpected(std::move(text.error()));
      if (header.type == kGnuLongName) long_name = until_nul(*std::move(text));
      continue;
    }

    if (!pax.apply_to(header)) return invalid_header();
    if (!long_name.empty()) header.name = std::move(long_name);
    if (header.type == kOldRegular && header.name.ends_with('/')) header.type = kDirectory;
    if (Outcome begun = begin_data(header); !begun) return std::unexpected(begun.error());
    if (Outcome mapped = read_sparse_map(header, pax); !mapped) {
      return std::unexpected(mapped.error());
    }
    member_ = {
        .name = std::move(header.name), .size = header.size, .is_directory = is_directory(header)};
    return &member_;
  }
}

// Nothing at the end of the archive: two blocks of zeros, or one and the end of the stream, or
// just the end of the stream.
std::expected<std::optional<TarHeader>, PackageError> TarReader::read_header() {
  bool after_zeros = false;
  for (;;) {
    const std::string_view block = stream_.read(kTarBlockSize);
    if (block.size() < kTarBlockSize) {
      if (block.empty() && !stream_.failure()) return std::nullopt;
      return std::unexpected(cut_off());
    }
    if (is_zero(block)) {
      if (after_zeros) return std::nullopt;
      after_zeros = true;
      continue;
    }
    if (after_zeros) return invalid_header();
    block_ = block;
    std::optional<TarHeader> header = parse_tar_header(block_);
    if (!header) return invalid_header();
    return header;
  }
}

std::expected<void, PackageError> TarReader::begin_data(const TarHeader& header) {
  sparse_map_.reset();
  const std::int64_t size = has_no_data(header.type) ? 0 : header.size;
  if (size < 0) return invalid_header();
  stored_ = static_cast<std::uint64_t>(size);
  padding_ = (kTarBlockSize - stored_ % kTarBlockSize) % kTarBlockSize;
  return {};
}

// The data of a member that describes the next one.
std::expected<std::string, PackageError> TarReader::read_extension() {
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(stored_, kExtensionLimit + 1));
  std::string text(stream_.read(wanted));
  if (text.size() > kExtensionLimit) return field_too_long();
  if (text.size() < wanted) return std::unexpected(cut_off());
  stored_ = 0;
  return text;
}

std::expected<std::string_view, PackageError> TarReader::read() {
  if (sparse_map_) {
    std::expected<std::string, PackageError> filled = fill_sparse();
    if (!filled) return std::unexpected(std::move(filled.error()));
    return filled_.emplace_back(*std::move(filled));
  }
  const std::string_view data = stream_.read_lasting(static_cast<std::size_t>(stored_));
  if (data.size() < stored_) return std::unexpected(cut_off());
  stored_ = 0;
  return data;
}

std::expected<std::uint64_t, PackageError> TarReader::skip() {
  if (sparse_map_) {
    const std::expected<std::string, PackageError> filled = fill_sparse();
    if (!filled) return std::unexpected(filled.error());
    return filled->size();
  }
  if (stream_.skip(stored_) < stored_) return std::unexpected(cut_off());
  return std::exchange(stored_, 0);
}

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
      if (!number) return invalid_header();
      header.size = *number;
    }
    if (in_data) {
      map = sparse_map_in_data();
    } else {
      const std::optional<std::int64_t> count = parse_decimal(pax.value("GNU.sparse.numblocks"));
      std::string_view numbers = pax.value("GNU.sparse.map");
      if (!count || *count < 0) return invalid_header();
      const auto listed = numbers.empty() ? 0 : std::ranges::count(numbers, ',') + 1;
      if (listed % 2 != 0 || listed / 2 != *count) return invalid_header();
      while (std::cmp_less(map->size(), *count)) {
        const std::optional<std::int64_t> offset = parse_decimal(take_until(numbers, ','));
        const std::optional<std::int64_t> length = parse_decimal(take_until(numbers, ','));
        if (!offset || !length) return invalid_header();
        map->push_back({*offset, *length});
      }
    }
  }
  if (!map) return std::unexpected(std::move(map.error()));

  // In order, without overlap, within the file.
  if (has_no_data(header.type) || header.size < 0) return invalid_header();
  std::int64_t position = 0;
  for (const Fragment& fragment : *map) {
    if (fragment.offset < position || fragment.length < 0 || fragment.offset > header.size ||
        fragment.length > header.size - fragment.offset) {
      return invalid_header();
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
  if (!is_gnu_tar_header(block_)) return invalid_header();
  const std::string_view block = block_;
  const std::optional<std::int64_t> size = parse_tar_number(block.substr(483, kNumber));
  if (!size) return invalid_header();
  header.size = *size;

  SparseMap map;
  std::string entries(block.substr(386, 4 * kEntry + 1));  // the last byte: whether more follow
  for (std::size_t total = entries.size(); total < kExtensionLimit; total += entries.size()) {
    const std::size_t count = entries.size() / kEntry;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view entry = std::string_view(entries).substr(i * kEntry, kEntry);
      if (entry[0] == '\0') break;
      const std::optional<std::int64_t> offset = parse_tar_number(entry.substr(0, kNumber));
      const std::optional<std::int64_t> length = parse_tar_number(entry.substr(kNumber));
      if (!offset || !length) return invalid_header();
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
      if (text.size() + kTarBlockSize > kExtensionLimit) return sparse_map_too_long();
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
    return invalid_header();
  }
  const std::size_t start = first_line.size() + 1;
  --lines;
  if (Outcome rest = read_lines(2 * *count); !rest) return std::unexpected(rest.error());

  SparseMap map;
  std::string_view numbers = std::string_view(text).substr(start);
  while (std::cmp_less(map.size(), *count)) {
    const std::optional<std::int64_t> offset = parse_decimal(take_until(numbers, '\n'));
    const std::optional<std::int64_t> length = parse_decimal(take_until(numbers, '\n'));
    if (!offset || !length) return invalid_header();
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
