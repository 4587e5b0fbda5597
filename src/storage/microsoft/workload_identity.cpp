// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/entra_application.hpp"
#include "storage/microsoft/identities.hpp"
#include "storage/microsoft/token_request.hpp"
#include "storage/remote/small_file.hpp"

#include <cstddef>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

/// The token that Kubernetes keeps in the file; the error says why there is none.
std::expected<std::string, std::string> read_assertion(const std::string& path) {
  auto text = read_small_file(path, 64UL * 1024);
  if (!text) return text;
  text->erase(text->find_last_not_of(" \r\n\t") + 1);
  if (text->empty()) return std::unexpected("there is no token in " + path);
  return text;
}

// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow,
// "Third case: Access token request with a federated credential"
Task<Result<Expiring<std::string>>> fetch(std::shared_ptr<transport::Client> client,
                                          EntraApplication application, std::string path) {
  auto assertion = read_assertion(path);
  if (!assertion) {
    co_return std::unexpected(
        Failure{FailureKind::denied, "AZURE_FEDERATED_TOKEN_FILE: " + assertion.error()});
  }
  Task<Result<Expiring<std::string>>> asking = request_token(
      client,
      application.token_request(
          {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
           {"client_assertion", *std::move(assertion)}}),
      "Microsoft Entra",
      "check AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE and the "
      "identity's federated credential");
  co_return co_await std::move(asking);
}

}  // namespace

std::expected<std::optional<FoundIdentity>, std::string> find_workload_identity(
    const Environment& environment, const std::shared_ptr<transport::Client>& client) {
  std::string path = environment("AZURE_FEDERATED_TOKEN_FILE").value_or("");
  if (path.empty()) return std::nullopt;
  auto application = EntraApplication::from(environment, "AZURE_FEDERATED_TOKEN_FILE");
  if (!application) return std::unexpected(std::move(application.error()));
  return FoundIdentity{"AZURE_FEDERATED_TOKEN_FILE",
                       [application = *std::move(application), path = std::move(path), client] {
                         return fetch(client, application, path);
                       }};
}

}  // namespace chartmuseum::storage::microsoft
