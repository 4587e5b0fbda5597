// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_sources.hpp"

#include <array>

namespace chartmuseum::storage::amazon {

std::vector<std::shared_ptr<CredentialSource>> default_sources(const CredentialGround& ground) {
  static constexpr std::array kOrder{environment_source, web_identity_source, profile_source,
                                     container_source, instance_source};
  std::vector<std::shared_ptr<CredentialSource>> sources;
  for (const auto make : kOrder) sources.push_back(make(ground));
  return sources;
}

}  // namespace chartmuseum::storage::amazon
