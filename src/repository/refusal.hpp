// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/failure.hpp"

#include <expected>
#include <string>

namespace chartmuseum::repository {

/// Why a change or a read of a repository did not happen. api/ maps each kind to one status.
enum class Refusal {
  exists,         // the object is there, and overwriting is not allowed
  absent,         // no such chart version or object
  invalid,        // a name or version that cannot be a file name, not strict SemVer, ...
  limit_reached,  // --max-storage-objects
  storage_full,
  storage_failed,  // the storage answered with a failure that will not pass by itself
  unavailable,     // the storage is out of reach, or the index is not ready: try again
};

struct Refused {
  Refusal kind = Refusal::unavailable;
  std::string message{};  // for the client, where the kind alone does not say it; no paths
  std::string detail{};   // for the log
};

template <class T>
using Outcome = std::expected<T, Refused>;

/// What a failure of the storage means to whoever asked for `file_name`.
[[nodiscard]] std::unexpected<Refused> refuse(storage::Failure failure,
                                              const std::string& file_name = {});

}  // namespace chartmuseum::repository
