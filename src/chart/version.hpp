// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// A chart's version as Helm takes it: SemVer 2 (semver.org), where a leading "v", missing minor
/// or patch parts and leading zeros are forgiven.
class Version {
 public:
  /// Nothing if `text` is no version.
  [[nodiscard]] static std::optional<Version> parse(std::string_view text);
  /// As parse, but only for exact SemVer 2 ("1.2.3-rc.1+build").
  [[nodiscard]] static std::optional<Version> parse_strict(std::string_view text);

  [[nodiscard]] std::uint64_t major() const { return major_; }
  [[nodiscard]] std::uint64_t minor() const { return minor_; }
  [[nodiscard]] std::uint64_t patch() const { return patch_; }
  [[nodiscard]] const std::string& prerelease() const { return prerelease_; }

  /// SemVer precedence: build metadata does not count, so distinct texts may be equivalent.
  [[nodiscard]] std::weak_ordering operator<=>(const Version& other) const;
  [[nodiscard]] bool operator==(const Version& other) const { return (*this <=> other) == 0; }

 private:
  std::uint64_t major_ = 0;
  std::uint64_t minor_ = 0;
  std::uint64_t patch_ = 0;
  std::string prerelease_;
};

}  // namespace chartmuseum::chart
