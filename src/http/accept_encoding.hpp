// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/headers.hpp"

namespace chartmuseum::http {

/// Whether a client wants gzip rather than the bytes as they are (RFC 9110, 12.5.3): it, or "*",
/// has a weight above zero, and no less than "identity" where that is named. Without the header,
/// or with one that is malformed, no.
[[nodiscard]] bool accepts_gzip(const Headers& request);

}  // namespace chartmuseum::http
