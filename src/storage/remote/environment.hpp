// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace chartmuseum::storage {

/// Looks up an environment variable; nothing if it is unset. Vendors' credentials come from there.
/// Thread-safe.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

}  // namespace chartmuseum::storage
