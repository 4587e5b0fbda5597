// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <expected>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace chartmuseum::options {

enum class Inquiry { help, version };

/// Reads arguments (without the program's name) as Go's flag package does: one dash or two,
/// "--flag value" or "--flag=value", booleans only with "=". One entry for each option given;
/// of repeated ones the last counts, key-value options collect. Stops at --help or --version.
[[nodiscard]] std::expected<std::variant<std::vector<Given>, Inquiry>, UsageError>
parse_command_line(std::span<const std::string_view> arguments);

}  // namespace chartmuseum::options
