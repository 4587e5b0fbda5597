// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::api {

/// `{"templates":[{"name":…,"data":…},…],"values":{…}}` of a package, as the Go server encodes what
/// Helm loads: data in base64, no list where there are no templates, null values where there is
/// no values.yaml, numbers of values with the digits they have. Reads the archive: for workers.
[[nodiscard]] std::expected<std::string, chart::PackageError> templates_json(
    std::string_view package);

}  // namespace chartmuseum::api
