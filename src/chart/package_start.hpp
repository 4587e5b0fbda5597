// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/archive.hpp"
#include "chart/metadata.hpp"

#include <optional>
#include <string_view>

namespace chartmuseum::chart {

/// What the first Chart.yaml of a package says, if all of it can be read from the first bytes of
/// the package. Only a claim about the package: a later member may add to it (requirements.yaml,
/// a second Chart.yaml) or make it invalid, so whoever relies on it must know from elsewhere that
/// none does. The same for any longer start of the same package that is told, and for the whole.
/// Pure and thread-safe; inflates no more than it needs.
[[nodiscard]] std::optional<Metadata> read_metadata_of_start(std::string_view start,
                                                             const ArchiveLimits& limits = {});

}  // namespace chartmuseum::chart
