// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/identities.hpp"
#include "storage/microsoft/managed_identity.hpp"
#include "storage/microsoft/token_request.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
std::expected<std::optional<FoundIdentity>, std::string> find_app_service_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& /*client*/) {
  const std::string endpoint = environment("IDENTITY_ENDPOINT").value_or("");
  const std::string header = environment("IDENTITY_HEADER").value_or("");
  if (endpoint.empty() || header.empty()) return std::nullopt;
  transport::Request request = managed_identity_request(environment, endpoint, "2019-08-01");
  request.headers.set("X-IDENTITY-HEADER", header);
  return FoundIdentity{"the managed identity of IDENTITY_ENDPOINT",
                       [client = direct_client(), request = std::move(request)] {
                         return request_token(
                             client, request, "IDENTITY_ENDPOINT",
                             "check that the app has an identity, and AZURE_CLIENT_ID if it has "
                             "several");
                       }};
}

}  // namespace chartmuseum::storage::microsoft
