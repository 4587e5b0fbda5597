// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "transport/client.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::storage::google {

/// Which service account is impersonated, and how.
struct Impersonation {
  std::string url;  // ".../serviceAccounts/<email>:generateAccessToken"
  std::vector<std::string> delegates;
  std::chrono::seconds lifetime{3600};
};

/// A service account whose tokens are given to `source`, who has
/// roles/iam.serviceAccountTokenCreator on it
/// (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken).
[[nodiscard]] std::shared_ptr<TokenSource> make_impersonated(
    std::shared_ptr<TokenSource> source, Impersonation impersonation,
    std::shared_ptr<transport::Client> client);

/// Of a file of type "impersonated_service_account", less its source. The error says what of it
/// cannot be used.
[[nodiscard]] std::expected<Impersonation, std::string> read_impersonation(
    const boost::json::object& file);

}  // namespace chartmuseum::storage::google
