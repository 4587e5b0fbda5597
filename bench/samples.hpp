// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chartmuseum::bench {

/// Packages to measure with: those below the folder that CHARTS names, up to 64 MiB of them, evenly
/// chosen; synthetic ones where there are none.
[[nodiscard]] const std::vector<std::string>& packages();

/// All their bytes.
[[nodiscard]] std::size_t packages_size();

}  // namespace chartmuseum::bench
