// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/failure.hpp"

#include <expected>
#include <string_view>

namespace chartmuseum::storage {

/// What a system call's error number means for a store: no space and quota → full, permissions
/// and read-only file systems → denied, what this file system can never hold → invalid, all
/// else → unavailable. The detail reads "cannot <action> <path>: <reason>".
[[nodiscard]] Failure failure_of(int error, std::string_view action, std::string_view path);

/// The same, ready to be returned as any Result.
[[nodiscard]] std::unexpected<Failure> failed(int error, std::string_view action,
                                              std::string_view path);

/// Whether the error says that there is no such thing, rather than that it is out of reach. A
/// link that loops leads to nothing.
[[nodiscard]] bool means_absent(int error);

}  // namespace chartmuseum::storage
