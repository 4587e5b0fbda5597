// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/identities.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

std::expected<FoundIdentity, std::string> find_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client) {
  static constexpr FindIdentity kOrder[] = {find_client_secret, find_workload_identity,
                                            find_app_service_identity, find_machine_identity};
  for (const FindIdentity find : kOrder) {
    auto found = find(environment, client);
    if (!found) return std::unexpected(std::move(found.error()));
    if (*found) return **std::move(found);
  }
  return std::unexpected("there is no identity");
}

}  // namespace chartmuseum::storage::microsoft
