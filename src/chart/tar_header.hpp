// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package_error.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

inline constexpr std::size_t kTarBlockSize = 512;

/// What extends a header (pax records, long names, sparse maps) may have this many bytes, as in
/// libarchive and Go.
inline constexpr std::size_t kTarExtensionLimit = 1U << 20U;

[[nodiscard]] inline PackageError invalid_tar_header() {
  return {"archive/tar: invalid tar header"};
}

/// What one header block of a tar archive says by itself; of no use is the rest of it here.
struct TarHeader {
  std::string name;
  char type = '\0';
  std::int64_t size = 0;
  std::int64_t mode = 0;

  /// Links, devices, directories and FIFOs, whatever size they claim.
  [[nodiscard]] bool has_no_data() const { return type >= '1' && type <= '6'; }
};

/// Parses a block of kTarBlockSize bytes, all of whose fields have to be well-formed. Nothing if
/// it is no header.
[[nodiscard]] std::optional<TarHeader> parse_tar_header(std::string_view block);

/// Whether a block that parse_tar_header took is in the format of GNU tar.
[[nodiscard]] bool is_gnu_tar_header(std::string_view block);

/// A number as headers hold it: octal text, or GNU's base 256.
[[nodiscard]] std::optional<std::int64_t> parse_tar_number(std::string_view field);

/// A decimal number with an optional sign, as pax records hold it.
[[nodiscard]] std::optional<std::int64_t> parse_decimal(std::string_view text);

/// The records of a pax extended header (POSIX.1-2001, "pax Header Block"); of several with one
/// key the last counts. GNU's offset and numbytes records are joined into GNU.sparse.map.
class PaxRecords {
 public:
  /// Nothing if `text` is malformed. Keeps no reference to it.
  [[nodiscard]] static std::optional<PaxRecords> parse(std::string_view text);

  /// The value for `key`; empty where there is none, which pax takes to mean the same.
  [[nodiscard]] std::string_view value(std::string_view key) const;

  /// Lets the records override what the header said; false if one of them is malformed.
  [[nodiscard]] bool apply_to(TarHeader& header) const;

 private:
  std::map<std::string, std::string, std::less<>> records_;
};

}  // namespace chartmuseum::chart
