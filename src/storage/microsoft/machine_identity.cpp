// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/identities.hpp"
#include "storage/microsoft/managed_identity.hpp"
#include "storage/microsoft/token_request.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
std::expected<std::optional<FoundIdentity>, std::string> find_machine_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& /*client*/) {
  // By which Microsoft's own clients are led to a stand-in.
  std::string host = environment("AZURE_POD_IDENTITY_AUTHORITY_HOST").value_or("");
  if (host.empty()) host = "http://169.254.169.254";
  while (host.ends_with('/')) host.pop_back();
  transport::Request request =
      managed_identity_request(environment, host + "/metadata/identity/oauth2/token", "2018-02-01");
  request.headers.set("Metadata", "true");
  return FoundIdentity{"the managed identity of this machine",
                       [client = direct_client(), request = std::move(request), host] {
                         return request_token(
                             client, request, "the metadata service " + host,
                             "outside of Azure set AZURE_STORAGE_ACCESS_KEY or "
                             "AZURE_STORAGE_CONNECTION_STRING; in Azure check that the machine has "
                             "an identity, and AZURE_CLIENT_ID if it has several");
                       }};
}

}  // namespace chartmuseum::storage::microsoft
