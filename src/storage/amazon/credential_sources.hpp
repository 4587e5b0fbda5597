// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/credentials.hpp"
#include "storage/remote/environment.hpp"
#include "transport/client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::storage::amazon {

/// What the sources stand on.
struct CredentialGround {
  Environment environment;
  std::string region;
  std::shared_ptr<transport::Client> client;  // for services on the net
  /// For those on this machine, which are never asked through a proxy. Made when first asked for.
  std::function<std::shared_ptr<transport::Client>()> direct;
};

// Where Amazon's clients look for credentials, each in a file of its own:
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html

/// AWS_ACCESS_KEY_ID (or AWS_ACCESS_KEY), AWS_SECRET_ACCESS_KEY (or AWS_SECRET_KEY),
/// AWS_SESSION_TOKEN.
[[nodiscard]] std::shared_ptr<CredentialSource> environment_source(const CredentialGround& ground);
/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME.
[[nodiscard]] std::shared_ptr<CredentialSource> web_identity_source(const CredentialGround& ground);
/// The profile AWS_PROFILE of the files AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.
[[nodiscard]] std::shared_ptr<CredentialSource> profile_source(const CredentialGround& ground);
/// AWS_CONTAINER_CREDENTIALS_FULL_URI, or _RELATIVE_URI: ECS tasks and EKS pods.
[[nodiscard]] std::shared_ptr<CredentialSource> container_source(const CredentialGround& ground);
/// The metadata service of an EC2 instance, version 2.
[[nodiscard]] std::shared_ptr<CredentialSource> instance_source(const CredentialGround& ground);

/// All of them, in the order in which they are asked.
[[nodiscard]] std::vector<std::shared_ptr<CredentialSource>> default_sources(
    const CredentialGround& ground);

}  // namespace chartmuseum::storage::amazon
