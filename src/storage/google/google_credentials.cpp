// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_credentials.hpp"

#include "encoding/json_text.hpp"
#include "storage/google/authorized_user.hpp"
#include "storage/google/external_account.hpp"
#include "storage/google/impersonation.hpp"
#include "storage/google/metadata_server.hpp"
#include "storage/google/service_account.hpp"
#include "storage/remote/small_file.hpp"

#include <filesystem>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;
using Read = std::expected<GoogleCredentials, std::string>;

Read tokens_of(std::expected<std::shared_ptr<TokenSource>, std::string> source) {
  if (!source) return std::unexpected(std::move(source.error()));
  GoogleCredentials credentials;
  credentials.tokens = std::move(*source);
  return credentials;
}

Read read_service_account(const json::object& file,
                          const std::shared_ptr<transport::Client>& client) {
  auto account = ServiceAccount::read(file, client);
  if (!account) return std::unexpected(std::move(account.error()));
  GoogleCredentials credentials;
  credentials.signer = (*account)->url_signer();
  credentials.tokens = std::move(*account);
  return credentials;
}

Read read_own(const json::object& file, std::string_view type,
              const std::shared_ptr<transport::Client>& client) {
  if (type == "service_account") return read_service_account(file, client);
  if (type == "authorized_user") return tokens_of(read_authorized_user(file, client));
  if (type == "external_account") return tokens_of(read_external_account(file, client));
  return std::unexpected(
      "its \"type\" is none of service_account, authorized_user, "
      "external_account and impersonated_service_account");
}

Read read_impersonated(const json::object& file, const std::shared_ptr<transport::Client>& client) {
  auto impersonation = read_impersonation(file);
  if (!impersonation) return std::unexpected(std::move(impersonation.error()));
  const json::value* const source = file.if_contains("source_credentials");
  if (source == nullptr || !source->is_object()) {
    return std::unexpected("it has no \"source_credentials\"");
  }
  const json::object& own = source->get_object();
  Read credentials = read_own(own, string_member(own, "type").value_or(""), client);
  if (!credentials) return std::unexpected("its source_credentials: " + credentials.error());
  credentials->signer.reset();  // which would sign for the source
  credentials->tokens =
      make_impersonated(std::move(credentials->tokens), std::move(*impersonation), client);
  return credentials;
}

Read read_file(const std::string& path, const std::shared_ptr<transport::Client>& client) {
  constexpr std::size_t kLargest = 1UL << 20;
  const auto text = read_small_file(path, kLargest);
  if (!text) return std::unexpected(text.error());
  const auto file = encoding::read_json_object(*text);
  if (!file) return std::unexpected(path + " is no JSON object");
  const auto type = string_member(*file, "type").value_or("");
  Read credentials = type == "impersonated_service_account" ? read_impersonated(*file, client)
                                                            : read_own(*file, type, client);
  if (!credentials) return std::unexpected(path + ": " + credentials.error());
  credentials->quota_project = string_member(*file, "quota_project_id").value_or("");
  credentials->found = "the " + std::string(type) + " in " + path;
  return credentials;
}

/// Where gcloud keeps what `gcloud auth application-default login` gives.
std::optional<std::string> file_of_gcloud(const Environment& environment) {
  constexpr const char* kName = "/application_default_credentials.json";
  if (const auto folder = environment("CLOUDSDK_CONFIG"); folder && !folder->empty()) {
    return *folder + kName;
  }
  const auto home = environment("HOME");
  if (!home || home->empty()) return std::nullopt;
  return *home + "/.config/gcloud" + kName;
}

}  // namespace

std::expected<GoogleCredentials, std::string> find_google_credentials(
    const Environment& environment, const std::shared_ptr<transport::Client>& client,
    const std::function<std::shared_ptr<transport::Client>()>& direct) {
  const auto named = environment("GOOGLE_APPLICATION_CREDENTIALS");
  if (named && !named->empty()) {
    Read credentials = read_file(*named, client);
    if (!credentials) {
      return std::unexpected("GOOGLE_APPLICATION_CREDENTIALS: " + credentials.error());
    }
    return credentials;
  }
  const auto of_gcloud = file_of_gcloud(environment);
  std::error_code ignored;
  if (of_gcloud && std::filesystem::exists(*of_gcloud, ignored)) {
    return read_file(*of_gcloud, client);
  }
  const auto host = environment("GCE_METADATA_HOST");
  const std::string where = host && !host->empty() ? *host : kMetadataHost;
  GoogleCredentials credentials;
  credentials.tokens = make_metadata_server(where, direct());
  credentials.found = "the metadata server at " + where +
                      ", as GOOGLE_APPLICATION_CREDENTIALS is not set and there is no " +
                      of_gcloud.value_or("home directory");
  return credentials;
}

}  // namespace chartmuseum::storage::google
