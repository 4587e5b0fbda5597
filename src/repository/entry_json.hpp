// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata.hpp"

#include <string>
#include <string_view>

namespace chartmuseum::repository {

/// An entry as Go's encoding/json writes it: fields in the order of Helm's structs, empty ones
/// left out.
[[nodiscard]] std::string entry_json(const chart::Metadata& metadata, std::string_view url,
                                     std::string_view created, std::string_view digest);

}  // namespace chartmuseum::repository
