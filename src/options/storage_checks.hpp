// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::options {

/// Which backend `draft` asks for, in lower case, if this version lacks it.
[[nodiscard]] std::optional<std::string> backend_of_later(std::string_view storage);

/// Settles which storage is used, and that nothing is missing that it needs.
[[nodiscard]] std::optional<UsageError> check_storage(Draft& draft, const Environment& environment);

}  // namespace chartmuseum::options
