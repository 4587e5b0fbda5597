// SPDX-License-Identifier: Apache-2.0
#include "storage/google/external_account.hpp"

#include "encoding/json_text.hpp"
#include "storage/google/impersonation.hpp"
#include "storage/google/subject_token.hpp"
#include "storage/google/token_request.hpp"
#include "storage/remote/hashes.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

/// What the token service is told beside the token and the scope.
struct Exchange {
  std::string url;
  QueryParameters form;
  std::string authorization;  // of the client, if it has any
};

class ExternalAccount final : public TokenSource {
 public:
  ExternalAccount(SubjectTokenSource source, Exchange exchange,
                  std::shared_ptr<transport::Client> client)
      : source_(std::move(source)), exchange_(std::move(exchange)), client_(std::move(client)) {}

  Task<Result<Expiring<std::string>>> fetch(std::string scope) override {
    Task<Result<std::string>> fetching = fetch_subject_token(source_, client_);
    auto token = co_await std::move(fetching);
    if (!token) co_return std::unexpected(std::move(token.error()));
    QueryParameters form = exchange_.form;
    form.emplace_back("scope", scope);
    form.emplace_back("subject_token", *token);
    transport::Request request = form_request(exchange_.url, form);
    if (!exchange_.authorization.empty()) {
      request.headers.set("Authorization", exchange_.authorization);
    }
    Task<Result<transport::Response>> asking = ask_for_token(client_, std::move(request));
    auto answer = co_await std::move(asking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return token_in(*answer, exchange_.url + ", asked to exchange a token,");
  }

 private:
  const SubjectTokenSource source_;
  const Exchange exchange_;
  const std::shared_ptr<transport::Client> client_;
};

std::expected<Exchange, std::string> read_exchange(const json::object& file) {
  auto url = url_member(file, "token_url", "https://sts.googleapis.com/v1/token");
  if (!url) return std::unexpected(std::move(url.error()));
  const auto audience = string_member(file, "audience");
  const auto type = string_member(file, "subject_token_type");
  if (!audience) return std::unexpected("it has no \"audience\"");
  if (!type) return std::unexpected("it has no \"subject_token_type\"");
  Exchange exchange{
      .url = std::move(*url),
      .form = {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
               {"audience", std::string(*audience)},
               {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
               {"subject_token_type", std::string(*type)}},
      .authorization = {}};
  const auto client = string_member(file, "client_id");
  const auto secret = string_member(file, "client_secret");
  if (client && secret) {
    exchange.authorization = "Basic " + base64(std::string(*client) + ':' + std::string(*secret));
  } else if (const auto project = string_member(file, "workforce_pool_user_project")) {
    exchange.form.emplace_back("options", json::serialize(json::object{{"userProject", *project}}));
  }
  return exchange;
}

/// {"service_account_impersonation": {"token_lifetime_seconds": 3600}}
std::chrono::seconds lifetime_in(const json::object& file) {
  const json::value* const settings = file.if_contains("service_account_impersonation");
  if (settings == nullptr || !settings->is_object()) return std::chrono::hours(1);
  const json::value* const lifetime = settings->get_object().if_contains("token_lifetime_seconds");
  if (lifetime == nullptr || !lifetime->is_int64()) return std::chrono::hours(1);
  return std::chrono::seconds(std::clamp<std::int64_t>(lifetime->get_int64(), 600, 43200));
}

}  // namespace

std::expected<std::shared_ptr<TokenSource>, std::string> read_external_account(
    const json::object& file, std::shared_ptr<transport::Client> client) {
  const json::value* const where = file.if_contains("credential_source");
  if (where == nullptr || !where->is_object()) {
    return std::unexpected("it has no \"credential_source\"");
  }
  auto source = read_subject_token_source(where->get_object());
  if (!source) return std::unexpected(std::move(source.error()));
  auto exchange = read_exchange(file);
  if (!exchange) return std::unexpected(std::move(exchange.error()));
  auto account =
      std::make_shared<ExternalAccount>(std::move(*source), std::move(*exchange), client);
  if (!file.contains("service_account_impersonation_url")) return account;
  auto impersonation = read_impersonation(file);
  if (!impersonation) return std::unexpected(std::move(impersonation.error()));
  impersonation->lifetime = lifetime_in(file);
  return make_impersonated(std::move(account), std::move(*impersonation), std::move(client));
}

}  // namespace chartmuseum::storage::google
