// SPDX-License-Identifier: Apache-2.0
#include "chart/tar.hpp"

#include <algorithm>
#include <utility>

namespace chartmuseum::chart {

namespace {

// Type flags of headers; see <tar.h> and GNU tar's manual.
constexpr char kOldRegular = '\0';
constexpr char kDirectory = '5';
constexpr char kGlobalHeader = 'g';
constexpr char kExtendedHeader = 'x';
constexpr char kGnuLongName = 'L';
constexpr char kGnuLongLink = 'K';

bool is_zero(std::string_view block) {
  return std::ranges::all_of(block, [](char c) { return c == '\0'; });
}

std::unexpected<PackageError> field_too_long() {
  return std::unexpected(PackageError{"archive/tar: header field too long"});
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
      if (!records) return std::unexpected(invalid_tar_header());
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

    if (!pax.apply_to(header)) return std::unexpected(invalid_tar_header());
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
    if (after_zeros) return std::unexpected(invalid_tar_header());
    block_ = block;
    std::optional<TarHeader> header = parse_tar_header(block_);
    if (!header) return std::unexpected(invalid_tar_header());
    return header;
  }
}

std::expected<void, PackageError> TarReader::begin_data(const TarHeader& header) {
  sparse_map_.reset();
  const std::int64_t size = header.has_no_data() ? 0 : header.size;
  if (size < 0) return std::unexpected(invalid_tar_header());
  stored_ = static_cast<std::uint64_t>(size);
  padding_ = (kTarBlockSize - stored_ % kTarBlockSize) % kTarBlockSize;
  return {};
}

// The data of a member that describes the next one.
std::expected<std::string, PackageError> TarReader::read_extension() {
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(stored_, kTarExtensionLimit + 1));
  std::string text(stream_.read(wanted));
  if (text.size() > kTarExtensionLimit) return field_too_long();
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

}  // namespace chartmuseum::chart
