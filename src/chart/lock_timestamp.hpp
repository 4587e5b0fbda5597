// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// What is wrong with the `generated` of a lock file, in Go's words; nothing if Go reads it. Go's
/// time.Time takes RFC 3339 and a little more: hours of one digit, a comma before the fraction,
/// offsets up to 24:60 (https://pkg.go.dev/time#Time.UnmarshalJSON).
[[nodiscard]] std::optional<std::string> lock_timestamp_problem(std::string_view text);

}  // namespace chartmuseum::chart
