// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace chartmuseum::encoding {

/// Reads a JSON object (RFC 8259) that a stranger wrote. Nothing if `text` is anything else, holds
/// invalid UTF-8, nests deeper than 32 levels, or names a member twice anywhere: of two members
/// with one name, others might see the other one (RFC 7515, section 4; RFC 8725, section 2.4).
/// Takes time and memory in proportion to the text, whose size the caller bounds.
[[nodiscard]] std::optional<boost::json::object> read_json_object(std::string_view text);

/// The member if it is there and a string.
[[nodiscard]] std::optional<std::string_view> string_member(const boost::json::object& object,
                                                            std::string_view name);

}  // namespace chartmuseum::encoding
