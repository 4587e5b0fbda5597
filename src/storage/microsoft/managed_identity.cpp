// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/managed_identity.hpp"

#include "storage/microsoft/token_request.hpp"
#include "storage/remote/uri.hpp"

namespace chartmuseum::storage::microsoft {

std::shared_ptr<transport::Client> direct_client() {
  transport::ClientSettings settings;
  settings.proxies = {};
  return std::make_shared<transport::Client>(settings);
}

transport::Request managed_identity_request(const Environment& environment,
                                            const std::string& endpoint,
                                            const std::string& api_version) {
  QueryParameters parameters{{"api-version", api_version},
                             {"resource", std::string(kStorageResource)}};
  const std::string client = environment("AZURE_CLIENT_ID").value_or("");
  if (!client.empty()) parameters.emplace_back("client_id", client);
  transport::Request request;
  request.url = endpoint + (endpoint.contains('?') ? '&' : '?') + query_string(parameters);
  request.timeouts.connect = std::chrono::seconds(2);  // it is next door, or there is none
  return request;
}

}  // namespace chartmuseum::storage::microsoft
