// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata.hpp"

#include <cstdint>

namespace chartmuseum::chart {

/// About how many bytes `metadata` takes in an index: its texts, and what stands around them, most
/// of which is indentation where `importValues` is nested. Escaping may multiply it by four.
[[nodiscard]] std::uint64_t extent(const Metadata& metadata);

/// What an index takes no more of. More than Helm's 5 MiB for a file: this refuses only what
/// aliases and nesting make out of little, which all clients would have to read.
constexpr std::uint64_t kMaxExtent = 8 << 20;

}  // namespace chartmuseum::chart
