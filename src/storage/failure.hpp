// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

namespace chartmuseum::storage {

/// Why an operation did not happen. "Absent" is not here: it is an answer, not a failure.
enum class FailureKind {
  conflict,     // create-only, and the object exists
  invalid,      // a key or a size that this store cannot hold
  denied,       // credentials or permissions
  full,         // no space, quota
  throttled,    // asked too often
  unavailable,  // everything that may go away by itself: outage, timeout, I/O error
};

struct Failure {
  FailureKind kind = FailureKind::unavailable;
  std::string detail;  // for the log: may name paths and hosts, never secrets; never for clients
};

template <class T>
using Result = std::expected<T, Failure>;

}  // namespace chartmuseum::storage
