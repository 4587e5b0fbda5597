// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chartmuseum::encoding {

/// Whether a plain scalar is one of the dates that the reference knows: "Y-M-D",
/// "Y-M-D H:M:S[.f]", "Y-M-DTH:M:S[.f](Z|±hh:mm)", with a year of four digits, other fields of one
/// or two, all in range.
[[nodiscard]] bool is_yaml_timestamp(std::string_view text);

}  // namespace chartmuseum::encoding
