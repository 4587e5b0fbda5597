// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata.hpp"
#include "chart/metadata_decoder.hpp"
#include "chart/package.hpp"

#include <expected>

namespace chartmuseum::chart {

/// Cleans the texts of what was decoded and checks it by Helm's rules, in Helm's order; errors
/// are Helm's ("validation: chart.metadata.name is required").
[[nodiscard]] std::expected<Metadata, PackageError> validate_metadata(DecodedMetadata&& decoded);

}  // namespace chartmuseum::chart
