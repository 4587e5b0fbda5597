// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/environment.hpp"
#include "storage/remote/uri.hpp"
#include "transport/message.hpp"

#include <expected>
#include <string>

namespace chartmuseum::storage::microsoft {

/// An application that is registered with Microsoft Entra, which says itself who it is.
struct EntraApplication {
  std::string token_url;
  std::string client_id;

  /// AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_AUTHORITY_HOST. `cause` is the variable that wants
  /// them; the error names it and what is missing.
  [[nodiscard]] static std::expected<EntraApplication, std::string> from(
      const Environment& environment, const std::string& cause);

  /// For a token, with what proves who asks (RFC 6749, 4.4; RFC 7523, 2.2).
  /// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
  [[nodiscard]] transport::Request token_request(QueryParameters proof) const;
};

}  // namespace chartmuseum::storage::microsoft
