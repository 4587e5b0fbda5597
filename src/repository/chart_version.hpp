// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/timestamp.hpp"
#include "chart/version.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// One entry of an index: which chart version it is and which object holds it. What it says in
/// YAML and JSON stands in the entry lists (entry_list.hpp), not here, because there are many of
/// these: a few hundred bytes each would be a large part of a server's memory. For the same reason
/// the three texts are parts of one. Immutable and shared.
class ChartVersion {
  struct Key {};

 public:
  /// Of an entry's texts: half of a SHA-256 of them.
  using Fingerprint = std::array<std::uint8_t, 16>;

  /// Null if `version` is none (chart/version.hpp).
  [[nodiscard]] static std::shared_ptr<const ChartVersion> make(
      std::string_view name, std::string_view version, std::string_view file_name,
      Timestamp created, const Digest& digest, const Fingerprint& fingerprint);
  explicit ChartVersion(Key /*for make only*/) {}
  ChartVersion(const ChartVersion&) = delete;
  ChartVersion& operator=(const ChartVersion&) = delete;

  std::string_view name;       // with `version`, the identity, from Chart.yaml
  std::string_view version;    // as written
  std::string_view file_name;  // of the object; need not be "<name>-<version>.tgz"
  chart::Version precedence;
  Timestamp created;  // the object's modification time
  Digest digest;      // of the package
  Fingerprint fingerprint{};

 private:
  std::unique_ptr<char[]> text_;
};

using ChartVersionPointer = std::shared_ptr<const ChartVersion>;

/// "<name>-<version>.tgz": where an upload is stored.
[[nodiscard]] std::string package_file_name(std::string_view name, std::string_view version);

/// The order of versions within a chart: highest precedence first; where the precedence is
/// equal, by text, so that the order is always the same.
[[nodiscard]] bool newer(const ChartVersion& left, const ChartVersion& right);
[[nodiscard]] bool newer(const chart::Version& left, std::string_view left_text,
                         const chart::Version& right, std::string_view right_text);

}  // namespace chartmuseum::repository
