// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/entra_application.hpp"

#include "storage/microsoft/connection_string.hpp"
#include "storage/microsoft/token_request.hpp"
#include "transport/url.hpp"

#include <utility>

namespace chartmuseum::storage::microsoft {

std::expected<EntraApplication, std::string> EntraApplication::from(const Environment& environment,
                                                                    const std::string& cause) {
  const std::string tenant = environment("AZURE_TENANT_ID").value_or("");
  const std::string client = environment("AZURE_CLIENT_ID").value_or("");
  std::string authority = environment("AZURE_AUTHORITY_HOST").value_or("");
  for (const auto& [value, name] :
       {std::pair(tenant, "AZURE_TENANT_ID"), std::pair(client, "AZURE_CLIENT_ID")}) {
    if (value.empty()) return std::unexpected(cause + " is set, but " + name + " is not");
  }
  if (authority.empty()) authority = "https://login.microsoftonline.com";
  if (!authority.contains("://")) authority.insert(0, "https://");
  if (!is_endpoint(authority) || !transport::has_scheme(authority, "https")) {
    return std::unexpected("AZURE_AUTHORITY_HOST is no https URL");
  }
  while (authority.ends_with('/')) authority.pop_back();
  return EntraApplication{authority + '/' + percent_encoded(tenant) + "/oauth2/v2.0/token", client};
}

transport::Request EntraApplication::token_request(QueryParameters proof) const {
  QueryParameters form{{"grant_type", "client_credentials"},
                       {"client_id", client_id},
                       {"scope", std::string(kStorageResource) + ".default"}};
  form.insert(form.end(), proof.begin(), proof.end());
  transport::Request request;
  request.method = "POST";
  request.url = token_url;
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Accept", "application/json");
  request.body = transport::body_of(query_string(form));
  return request;
}

}  // namespace chartmuseum::storage::microsoft
