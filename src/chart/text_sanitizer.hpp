// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chartmuseum::chart {

/// What Helm makes of the texts that it shows: every white space character becomes one space, and
/// every character that is no letter, mark, number, punctuation or symbol (Unicode 15.0) goes:
/// controls, joiners, soft hyphens, private use. Neither trims nor collapses. Bytes that are no
/// UTF-8 become U+FFFD.
void sanitize(std::string& text);

/// `text` in double quotes as Go's %q prints it, for error messages.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace chartmuseum::chart
