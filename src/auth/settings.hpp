// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/secret.hpp"

#include <string>
#include <vector>

namespace chartmuseum::auth {

/// Who may come in, as the options say. With nothing set, everybody may do everything.
struct Settings {
  std::string user;           // --basic-auth-user; "" for none. With one of:
  Secret password;            // --basic-auth-pass
  std::string password_file;  // --basic-auth-pass-file
  std::string htpasswd_file;  // --auth-htpasswd; "" for none
  std::string policy_file;    // --auth-policy; "" for none

  bool bearer = false;                 // --bearer-auth: tokens are taken
  std::string realm;                   // --auth-realm, for the challenge
  std::string service;                 // --auth-service, for the challenge and OpenID's "aud"
  std::vector<std::string> key_files;  // --auth-cert-path
  std::string issuer;                  // --auth-oidc-issuer; "" for none
  std::string actions_search_path;     // --auth-actions-search-path; "" for the default

  bool anonymous_pull = false;  // --auth-anonymous-get

  /// Whether credentials are asked for.
  [[nodiscard]] bool takes_credentials() const {
    return !user.empty() || !htpasswd_file.empty() || bearer;
  }
};

}  // namespace chartmuseum::auth
