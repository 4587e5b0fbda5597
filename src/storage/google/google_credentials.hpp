// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/token_source.hpp"
#include "storage/google/url_signer.hpp"
#include "storage/remote/environment.hpp"
#include "transport/client.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chartmuseum::storage::google {

/// Who the server is for Google, and where that was found.
struct GoogleCredentials {
  std::shared_ptr<TokenSource> tokens;
  std::optional<UrlSigner> signer;
  std::string quota_project;  // whose quota and account is charged; empty: the credentials' own
  std::string found;          // for the log: "the service_account in /etc/key.json"
};

/// Looks where Google's clients do
/// (https://cloud.google.com/docs/authentication/application-default-credentials): the file that
/// GOOGLE_APPLICATION_CREDENTIALS names, that of gcloud, the metadata server (GCE_METADATA_HOST).
/// The error names the file and says what is wrong with it. `direct` goes through no proxy, and is
/// made only if it is needed.
[[nodiscard]] std::expected<GoogleCredentials, std::string> find_google_credentials(
    const Environment& environment, const std::shared_ptr<transport::Client>& client,
    const std::function<std::shared_ptr<transport::Client>()>& direct);

}  // namespace chartmuseum::storage::google
