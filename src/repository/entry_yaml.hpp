// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata.hpp"
#include "encoding/yaml_writer.hpp"

#include <string_view>

namespace chartmuseum::repository {

/// Writes an entry as a mapping, its keys and all below in natural order, empty ones left out.
void write_entry(encoding::YamlWriter& yaml, const chart::Metadata& metadata, std::string_view url,
                 std::string_view created, std::string_view digest);

}  // namespace chartmuseum::repository
