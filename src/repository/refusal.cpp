// SPDX-License-Identifier: Apache-2.0
#include "repository/refusal.hpp"

#include <utility>

namespace chartmuseum::repository {

std::unexpected<Refused> refuse(storage::Failure failure, const std::string& file_name) {
  Refused refused{.detail = std::move(failure.detail)};
  switch (failure.kind) {
    case storage::FailureKind::conflict:
      refused.kind = Refusal::exists;
      break;
    case storage::FailureKind::invalid:
      refused.kind = Refusal::invalid;
      refused.message = file_name + " cannot be stored";
      break;
    case storage::FailureKind::denied:
      refused.kind = Refusal::storage_failed;
      break;
    case storage::FailureKind::full:
      refused.kind = Refusal::storage_full;
      break;
    case storage::FailureKind::throttled:
    case storage::FailureKind::unavailable:
      refused.kind = Refusal::unavailable;
      break;
  }
  return std::unexpected(std::move(refused));
}

}  // namespace chartmuseum::repository
