// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/bearer_authorizer.hpp"
#include "storage/remote/environment.hpp"
#include "transport/client.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace chartmuseum::storage::microsoft {

/// Somebody whom Microsoft Entra knows, and how a token for them is had.
struct FoundIdentity {
  std::string source;  // for messages: which it is and where it was found
  FetchToken fetch;
};

/// What one kind of identity makes of the environment: nothing if it is not there. The error says
/// what is missing of one that is there in part. `client` asks Microsoft's servers; metadata
/// services are asked without a proxy.
using FindIdentity = std::expected<std::optional<FoundIdentity>, std::string> (*)(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);

/// AZURE_CLIENT_SECRET with AZURE_TENANT_ID and AZURE_CLIENT_ID.
[[nodiscard]] std::expected<std::optional<FoundIdentity>, std::string> find_client_secret(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);
/// AZURE_FEDERATED_TOKEN_FILE with AZURE_TENANT_ID and AZURE_CLIENT_ID, as AKS sets them. The file
/// is read anew for each token.
[[nodiscard]] std::expected<std::optional<FoundIdentity>, std::string> find_workload_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);
/// IDENTITY_ENDPOINT and IDENTITY_HEADER, as App Service, Functions and Container Apps set them.
[[nodiscard]] std::expected<std::optional<FoundIdentity>, std::string> find_app_service_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);
/// The metadata service of virtual machines, which is always thought to be there.
[[nodiscard]] std::expected<std::optional<FoundIdentity>, std::string> find_machine_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);

/// The first that there is, in this order: that of Microsoft's own clients.
[[nodiscard]] std::expected<FoundIdentity, std::string> find_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client);

}  // namespace chartmuseum::storage::microsoft
