// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options/option.hpp"

#include <optional>

namespace chartmuseum::options {

/// Checks that what the options say of access is meant as it stands, so that nobody has an open
/// door where he thought of a closed one; splits the list of key files.
[[nodiscard]] std::optional<UsageError> check_access(Draft& draft);

}  // namespace chartmuseum::options
