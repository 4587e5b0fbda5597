// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/entra_application.hpp"
#include "storage/microsoft/identities.hpp"
#include "storage/microsoft/token_request.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

std::expected<std::optional<FoundIdentity>, std::string> find_client_secret(
    const Environment& environment, const std::shared_ptr<transport::Client>& client) {
  std::string secret = environment("AZURE_CLIENT_SECRET").value_or("");
  if (secret.empty()) return std::nullopt;
  auto application = EntraApplication::from(environment, "AZURE_CLIENT_SECRET");
  if (!application) return std::unexpected(std::move(application.error()));
  return FoundIdentity{"AZURE_CLIENT_SECRET",
                       [application = *std::move(application), secret = std::move(secret), client] {
                         return request_token(
                             client, application.token_request({{"client_secret", secret}}),
                             "Microsoft Entra",
                             "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
                       }};
}

}  // namespace chartmuseum::storage::microsoft
