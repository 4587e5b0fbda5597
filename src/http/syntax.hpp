// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ascii.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::http {

/// The small rules that header fields share (RFC 9110, 5.6), besides those of base/ascii.hpp. All
/// are about ASCII only; no locale.

/// The value of a hexadecimal digit; nothing if `c` is none.
[[nodiscard]] std::optional<unsigned> hex_value(char c);

/// `text` with its escapes ("%2B") decoded (RFC 3986, 2.1); nothing if one is broken.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Takes the next element off a comma-separated list, trimmed; empty elements are skipped
/// (RFC 9110, 5.6.1). A comma within double quotes separates nothing. Nothing at the end.
[[nodiscard]] std::optional<std::string_view> take_list_element(std::string_view& list);

}  // namespace chartmuseum::http
