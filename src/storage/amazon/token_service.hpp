// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/credential_sources.hpp"

#include <optional>
#include <string>

namespace chartmuseum::storage::amazon {

/// A role whose credentials the Security Token Service is asked for.
struct RoleRequest {
  std::string arn;
  std::string session_name;  // empty: "chartmuseum"
  std::string external_id;   // empty: none
  std::string duration;      // in seconds; empty: the role's own
};

/// With the token of a file, which is read now: those who issue such tokens replace them.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
Task<Result<Expiring<Credentials>>> assume_role_with_web_identity(CredentialGround ground,
                                                                  RoleRequest role,
                                                                  std::string token_file);

/// With other credentials.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
Task<Result<Expiring<Credentials>>> assume_role(CredentialGround ground, RoleRequest role,
                                                Credentials with);

}  // namespace chartmuseum::storage::amazon
