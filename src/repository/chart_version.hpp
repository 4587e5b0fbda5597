// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/timestamp.hpp"
#include "chart/version.hpp"

#include <memory>
#include <string>

namespace chartmuseum::repository {

/// One entry of an index: which chart version, which object holds it, and its text in both
/// formats, rendered once from the package. Immutable and shared.
struct ChartVersion {
  std::string name;       // with `version`, the identity, from Chart.yaml
  std::string version;    // as written
  chart::Version precedence;
  Timestamp created;      // the object's modification time
  Digest digest;          // of the package
  std::string file_name;  // of the object; need not be "<name>-<version>.tgz"
};

using ChartVersionPointer = std::shared_ptr<const ChartVersion>;

/// The order of versions within a chart: highest precedence first; where the precedence is
/// equal, by text, so that the order is always the same.
[[nodiscard]] bool newer(const ChartVersion& left, const ChartVersion& right);

}  // namespace chartmuseum::repository
