// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package_error.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::api {

/// `{"templates":[{"name":…,"data":…},…],"values":{…}}` of a package, as the Go server encodes what
/// Helm loads: data in base64, no list where there are no templates, null values where there is
/// no values.yaml, numbers of values with the digits they have. Nothing if that would be longer
/// than `most` bytes: a small package can hold much. Reads the archive: for workers.
[[nodiscard]] std::expected<std::optional<std::string>, chart::PackageError> templates_json(
    std::string_view package, std::size_t most);

}  // namespace chartmuseum::api
