// SPDX-License-Identifier: Apache-2.0
#include "chart/tar_header.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace chartmuseum::chart {

namespace {

// Offsets and lengths of fields: POSIX.1-1988 ustar, and GNU tar's and star's variations on it.
struct Field {
  std::size_t offset;
  std::size_t length;

  [[nodiscard]] std::string_view in(std::string_view block) const {
    return block.substr(offset, length);
  }
};

constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kOwner{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kModified{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kMagic{257, 8};  // with the version
constexpr Field kDeviceMajor{329, 8};
constexpr Field kDeviceMinor{337, 8};
constexpr Field kPrefix{345, 155};
constexpr Field kGnuAccessed{345, 12};
constexpr Field kGnuChanged{357, 12};
constexpr Field kStarPrefix{345, 131};
constexpr Field kStarAccessed{476, 12};
constexpr Field kStarChanged{488, 12};
constexpr Field kStarTrailer{508, 4};

enum class Format { v7, ustar, star, gnu };

Format format_of(std::string_view block) {
  const std::string_view magic = kMagic.in(block);
  if (magic.starts_with(std::string_view("ustar\0", 6))) {
    return kStarTrailer.in(block) == std::string_view("tar\0", 4) ? Format::star : Format::ustar;
  }
  return magic == std::string_view("ustar  \0", 8) ? Format::gnu : Format::v7;
}

std::string_view until_nul(std::string_view field) {
  return field.substr(0, field.find('\0'));
}

bool is_number(std::string_view field) {
  return parse_tar_number(field).has_value();
}

std::optional<std::int64_t> parse_octal(std::string_view field) {
  constexpr std::string_view kFill(" \0", 2);
  const std::size_t first = field.find_first_not_of(kFill);
  if (first == std::string_view::npos) return 0;
  field = until_nul(field.substr(first, field.find_last_not_of(kFill) + 1 - first));
  std::uint64_t value = 0;
  for (const char c : field) {
    if (c < '0' || c > '7' || value >> 61U != 0) return std::nullopt;
    value = value << 3U | static_cast<std::uint64_t>(c - '0');
  }
  return static_cast<std::int64_t>(value);
}

// The sum of all bytes with the checksum's own taken as spaces. Old Sun tars added signed bytes.
bool checksum_fits(std::string_view block) {
  const std::optional<std::int64_t> stated = parse_octal(kChecksum.in(block));
  if (!stated) return false;
  std::uint32_t sum = 0;
  std::uint32_t high = 0;  // bytes that count 256 less when signed
  const auto add = [&](std::string_view bytes) {
    for (const char c : bytes) {
      sum += static_cast<unsigned char>(c);
      high += static_cast<unsigned char>(c) >> 7U;
    }
  };
  add(block.substr(0, kChecksum.offset));
  add(block.substr(kChecksum.offset + kChecksum.length));
  const std::int64_t unsigned_sum = sum + 8 * std::int64_t{' '};
  return *stated == unsigned_sum || *stated == unsigned_sum - 256 * std::int64_t{high};
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_absent_or_number(std::string_view field) {
  return field[0] == '\0' || is_number(field);
}

// Seconds with an optional fraction.
bool is_pax_time(std::string_view text) {
  const std::size_t point = text.find('.');
  if (!parse_decimal(text.substr(0, point))) return false;
  if (point == std::string_view::npos) return true;
  return std::ranges::all_of(text.substr(point + 1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::int64_t> parse_tar_number(std::string_view field) {
  if (field.empty() || (static_cast<unsigned char>(field[0]) & 0x80U) == 0) {
    return parse_octal(field);
  }
  // Two's complement, big-endian; the top bit marks the encoding and the next is the sign.
  const bool negative = (static_cast<unsigned char>(field[0]) & 0x40U) != 0;
  const unsigned mask = negative ? 0xffU : 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    unsigned digit = static_cast<unsigned char>(field[i]) ^ mask;
    if (i == 0) digit &= 0x7fU;
    if (value >> 56U != 0) return std::nullopt;
    value = value << 8U | digit;
  }
  if (value >> 63U != 0) return std::nullopt;
  return static_cast<std::int64_t>(negative ? ~value : value);
}

std::optional<std::int64_t> parse_decimal(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(end - text.size(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool is_gnu_tar_header(std::string_view block) {
  return format_of(block) == Format::gnu;
}

std::optional<TarHeader> parse_tar_header(std::string_view block) {
  if (!checksum_fits(block)) return std::nullopt;
  const std::optional<std::int64_t> size = parse_tar_number(kSize.in(block));
  const std::optional<std::int64_t> mode = parse_tar_number(kMode.in(block));
  if (!size || !mode || !is_number(kOwner.in(block)) || !is_number(kGroup.in(block)) ||
      !is_number(kModified.in(block))) {
    return std::nullopt;
  }
  const Format format = format_of(block);
  if (format != Format::v7 &&
      (!is_number(kDeviceMajor.in(block)) || !is_number(kDeviceMinor.in(block)))) {
    return std::nullopt;
  }
  std::string_view prefix;
  switch (format) {
    case Format::v7:
      break;
    case Format::ustar:
      prefix = until_nul(kPrefix.in(block));
      break;
    case Format::star:
      if (!is_number(kStarAccessed.in(block)) || !is_number(kStarChanged.in(block))) {
        return std::nullopt;
      }
      prefix = until_nul(kStarPrefix.in(block));
      break;
    case Format::gnu:
      // GNU's format has no prefix, but Go's writer once put one there; it is told from the
      // times that belong there by their not being numbers.
      if (!is_absent_or_number(kGnuAccessed.in(block)) ||
          !is_absent_or_number(kGnuChanged.in(block))) {
        prefix = until_nul(kPrefix.in(block));
        if (!is_ascii(prefix)) prefix = {};
      }
      break;
  }
  TarHeader header;
  if (!prefix.empty()) header.name.append(prefix).push_back('/');
  header.name.append(until_nul(kName.in(block)));
  header.type = block[kType];
  header.size = *size;
  header.mode = *mode;
  return header;
}

std::optional<PaxRecords> PaxRecords::parse(std::string_view text) {
  // "<length> <key>=<value>\n", where the length counts the whole record.
  PaxRecords pax;
  std::string sparse_map;
  std::size_t sparse_numbers = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::optional<std::int64_t> length = parse_decimal(text.substr(0, space));
    if (!length || *length < 5 || std::cmp_greater(*length, text.size()) ||
        std::cmp_less_equal(*length, space + 1)) {
      return std::nullopt;
    }
    const auto end = static_cast<std::size_t>(*length);
    if (text[end - 1] != '\n') return std::nullopt;
    const std::string_view record = text.substr(space + 1, end - space - 2);
    text.remove_prefix(end);

    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    const std::string_view key = record.substr(0, equals);
    const std::string_view value = record.substr(equals + 1);
    const bool is_text = key == "path" || key == "linkpath" || key == "uname" || key == "gname";
    if ((is_text ? value : key).contains('\0')) return std::nullopt;

    if (key == "GNU.sparse.offset" || key == "GNU.sparse.numbytes") {
      const bool is_offset = key == "GNU.sparse.offset";
      if (is_offset != (sparse_numbers % 2 == 0) || value.contains(',')) return std::nullopt;
      if (sparse_numbers++ > 0) sparse_map.push_back(',');
      sparse_map.append(value);
    } else {
      pax.records_.insert_or_assign(std::string(key), value);
    }
  }
  if (sparse_numbers > 0) pax.records_.insert_or_assign("GNU.sparse.map", std::move(sparse_map));
  return pax;
}

std::string_view PaxRecords::value(std::string_view key) const {
  const auto found = records_.find(key);
  return found == records_.end() ? std::string_view() : std::string_view(found->second);
}

bool PaxRecords::apply_to(TarHeader& header) const {
  for (const auto& [key, value] : records_) {
    if (value.empty()) continue;
    if (key == "path") {
      header.name = value;
    } else if (key == "size") {
      const std::optional<std::int64_t> size = parse_decimal(value);
      if (!size) return false;
      header.size = *size;
    } else if (key == "uid" || key == "gid") {
      if (!parse_decimal(value)) return false;
    } else if (key == "atime" || key == "ctime" || key == "mtime") {
      if (!is_pax_time(value)) return false;
    }
  }
  return true;
}

}  // namespace chartmuseum::chart
