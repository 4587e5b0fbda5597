// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chartmuseum::chart {

/// Why bytes are no chart package, in Helm's own words; safe to show to a client.
struct PackageError {
  std::string message;

  bool operator==(const PackageError&) const = default;
};

}  // namespace chartmuseum::chart
