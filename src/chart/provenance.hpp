// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package_error.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// The file name that a provenance file (a PGP clear-signed Chart.yaml with the package's digest)
/// belongs under: "<name>-<version>.tgz.prov". The signature itself is the client's to verify.
/// Refuses with "invalid provenance file". CRLF line ends are accepted.
[[nodiscard]] std::expected<std::string, PackageError> provenance_file_name(std::string_view bytes);

}  // namespace chartmuseum::chart
