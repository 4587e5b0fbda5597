// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "chart/archive.hpp"
#include "chart/metadata.hpp"
#include "chart/package_error.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// A chart package that was read and checked in full, as Helm would load it. Only read_package
/// makes one, so whoever holds one holds a valid one.
class Package {
 public:
  [[nodiscard]] const Metadata& metadata() const { return metadata_; }
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// "<name>-<version>.tgz"; holds a "/" where the name does: check before using it as a key.
  [[nodiscard]] std::string file_name() const;

 private:
  friend std::expected<Package, PackageError> read_package(std::string_view, const ArchiveLimits&);
  Package() = default;

  Metadata metadata_;
  Digest digest_;
  std::uint64_t size_ = 0;
};

/// Reads and checks a whole package. Pure and thread-safe; memory and time are bounded by
/// `limits`.
[[nodiscard]] std::expected<Package, PackageError> read_package(std::string_view bytes,
                                                                const ArchiveLimits& limits = {});

/// values.yaml as it stands in the package (the last, if several); nothing if there is none.
/// Refuses what read_package refuses.
[[nodiscard]] std::expected<std::optional<std::string>, PackageError> read_values(
    std::string_view bytes, const ArchiveLimits& limits = {});

}  // namespace chartmuseum::chart
