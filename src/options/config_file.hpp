// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::options {

struct ConfigFile {
  std::vector<Given> given;
  std::vector<std::string> warnings;  // unknown keys
};

/// Reads a YAML configuration file of at most 1 MiB, named *.yaml, *.yml or without extension.
/// The error names the file, and the line where the YAML is broken.
[[nodiscard]] std::expected<ConfigFile, UsageError> read_config_file(const std::string& path);

/// The same for a text; `name` is for messages.
[[nodiscard]] std::expected<ConfigFile, UsageError> parse_config(std::string_view text,
                                                                 const std::string& name);

}  // namespace chartmuseum::options
