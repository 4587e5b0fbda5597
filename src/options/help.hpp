// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <string>
#include <string_view>

namespace chartmuseum::options {

/// The heading of a theme: "Pushing and deleting".
[[nodiscard]] std::string_view heading(Theme theme);

/// What --help prints: options by theme, 100 columns wide, with variables, defaults, examples.
[[nodiscard]] std::string help_text();

/// What --version prints.
[[nodiscard]] std::string version_text();

}  // namespace chartmuseum::options
