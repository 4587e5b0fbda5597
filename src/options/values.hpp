// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::options {

/// A boolean in the spellings of Go's strconv.ParseBool: 1 t T TRUE true True 0 f F FALSE false
/// False.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);

/// A whole number of 64 bits as Go's flags take it (strconv.ParseInt with base 0): decimal, 0x,
/// 0o or 0, 0b, with an optional sign and single underscores between digits.
[[nodiscard]] std::optional<std::int64_t> parse_whole_number(std::string_view text);

/// `text` fit for a terminal: control characters become "?", and what is longer than a line is
/// cut. For errors that show what somebody typed.
[[nodiscard]] std::string harmless(std::string_view text);

/// The same between quotes.
[[nodiscard]] std::string printable(std::string_view text);

/// The entries of a list that is separated by commas, which may be empty; one comma at the end adds
/// none. They refer to `list`.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view list);

}  // namespace chartmuseum::options
