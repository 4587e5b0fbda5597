// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chartmuseum::telemetry {

/// A fresh random UUID, version 4 (RFC 9562, 5.4), in lower case:
/// "f81d4fae-7dec-41d0-a765-00a0c91e6bf6". Its 122 random bits come from the kernel's generator,
/// so that nobody can guess another's. Thread-safe; throws std::system_error if the kernel has
/// no randomness to give.
[[nodiscard]] std::string make_request_id();

}  // namespace chartmuseum::telemetry
