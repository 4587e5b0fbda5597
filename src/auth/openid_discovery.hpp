// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace chartmuseum::auth {

/// Who issues tokens, by the name that it has in them.
struct IssuerName {
  std::string url;          // exactly as in "iss"
  bool plain_http = false;  // whether it may be asked without TLS

  /// The error says what is wrong with `url`: it must be https (http only on this machine, or with
  /// `allow_http`, which is meant for tests), without query and fragment (OpenID Connect
  /// Discovery 1.0, section 3).
  [[nodiscard]] static std::expected<IssuerName, std::string> read(std::string url,
                                                                   bool allow_http);

  /// Where it describes itself (section 4).
  [[nodiscard]] std::string discovery_url() const;
};

/// The "jwks_uri" of an issuer's description of itself. The error says what is wrong: another
/// issuer's (section 4.3), or keys that would come without TLS.
[[nodiscard]] std::expected<std::string, std::string> read_discovery(std::string_view document,
                                                                     const IssuerName& issuer);

}  // namespace chartmuseum::auth
