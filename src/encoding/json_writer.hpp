// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"

#include <string>
#include <string_view>

namespace chartmuseum::encoding {

/// Appends `text` as a JSON string as Go writes it: `<`, `>`, `&`, U+2028 and U+2029 escaped,
/// invalid UTF-8 replaced by U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Appends `value` as Go's encoding/json would after decoding it from JSON: keys in byte order,
/// every number a 64-bit float (see chart-format's rule for import-values).
void append_json(std::string& out, const Value& value);

/// `{"key":"text"}`, for small answers.
[[nodiscard]] std::string json_object(std::string_view key, std::string_view text);

}  // namespace chartmuseum::encoding
