// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// What a client pushes: a package, a provenance file, or both. The views must stay valid until
/// the task ends.
struct Push {
  struct Part {
    std::string file_name;
    std::string_view bytes;
  };
  std::optional<chart::Package> package;  // made from package_part->bytes
  std::optional<Part> package_part;
  std::optional<Part> provenance_part;
  bool force = false;  // ?force
};

}  // namespace chartmuseum::repository
