// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/failure.hpp"

#include <string>

namespace chartmuseum::storage {

inline std::string name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::conflict:
      return "conflict";
    case FailureKind::invalid:
      return "invalid";
    case FailureKind::denied:
      return "denied";
    case FailureKind::full:
      return "full";
    case FailureKind::throttled:
      return "throttled";
    case FailureKind::unavailable:
      return "unavailable";
  }
  return "?";
}

}  // namespace chartmuseum::storage
