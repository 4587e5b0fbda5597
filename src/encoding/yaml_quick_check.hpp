// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/yaml_parser.hpp"

#include <expected>
#include <optional>
#include <string_view>

namespace chartmuseum::encoding {

/// The root of `text` if its first document is plainly fine, or the error if libyaml refuses it.
/// Nothing where the text has to be parsed to tell: something in it (an alias, a merge key, a
/// tag, a key or number that JSON may not know) makes its meaning matter.
[[nodiscard]] std::expected<std::optional<YamlRoot>, YamlError> quick_check(std::string_view text,
                                                                            YamlBudget& budget);

}  // namespace chartmuseum::encoding
