// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"

#include <string>

namespace chartmuseum::encoding {

// Begins a key that JSON does not know (null, an integer over int64), and no other key, for it is
// no UTF-8. The key as the reference shows it stands behind its last space.
inline constexpr char kUnsupportedKey = '\xFF';

/// The beginning of `value` as Go's "%#v" shows it, for the messages of the reference that
/// quote a value: `map[interface {}]interface {}{"a":1}`.
[[nodiscard]] std::string go_syntax(const Value& value);

}  // namespace chartmuseum::encoding
