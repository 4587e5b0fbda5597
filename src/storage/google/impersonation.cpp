// SPDX-License-Identifier: Apache-2.0
#include "storage/google/impersonation.hpp"

#include "base/timestamp.hpp"
#include "encoding/json_text.hpp"
#include "storage/google/token_request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

/// {"accessToken": "...", "expireTime": "2026-01-02T03:04:05Z"}
Result<Expiring<std::string>> impersonated_token_in(const transport::Response& answer,
                                                    const std::string& asked) {
  if (answer.status != 200) {
    Failure failure = token_refusal(answer, asked);
    if (failure.kind == FailureKind::denied) {
      failure.detail += "; whoever asks needs roles/iam.serviceAccountTokenCreator on the account";
    }
    return std::unexpected(std::move(failure));
  }
  const auto document = encoding::read_json_object(answer.body);
  const auto token = document ? string_member(*document, "accessToken") : std::nullopt;
  const auto time = document ? string_member(*document, "expireTime") : std::nullopt;
  const auto expires = time ? parse_rfc3339(*time) : std::nullopt;
  if (!token || !is_token_text(*token) || !expires) {
    return std::unexpected(
        Failure{FailureKind::unavailable, asked + " answered with something that is no token"});
  }
  return Expiring<std::string>{
      std::string(*token),
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(*expires)};
}

class Impersonated final : public TokenSource {
 public:
  Impersonated(std::shared_ptr<TokenSource> source, Impersonation impersonation,
               std::shared_ptr<transport::Client> client)
      : source_(std::move(source)),
        impersonation_(std::move(impersonation)),
        client_(std::move(client)) {}

  Task<Result<Expiring<std::string>>> fetch(std::string scope) override {
    Task<Result<Expiring<std::string>>> fetching = source_->fetch(kPlatformScope);
    auto token = co_await std::move(fetching);
    if (!token) co_return token;
    transport::Request request;
    request.method = "POST";
    request.url = impersonation_.url;
    request.headers.set("Authorization", "Bearer " + token->value);
    request.headers.set("Content-Type", "application/json");
    request.body = transport::body_of(json::serialize(json::object{
        {"delegates",
         json::array(impersonation_.delegates.begin(), impersonation_.delegates.end())},
        {"scope", json::array{scope}},
        {"lifetime", std::to_string(impersonation_.lifetime.count()) + "s"}}));
    Task<Result<transport::Response>> asking = ask_for_token(client_, std::move(request));
    auto answer = co_await std::move(asking);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return impersonated_token_in(*answer, impersonation_.url);
  }

 private:
  const std::shared_ptr<TokenSource> source_;
  const Impersonation impersonation_;
  const std::shared_ptr<transport::Client> client_;
};

}  // namespace

std::shared_ptr<TokenSource> make_impersonated(std::shared_ptr<TokenSource> source,
                                               Impersonation impersonation,
                                               std::shared_ptr<transport::Client> client) {
  return std::make_shared<Impersonated>(std::move(source), std::move(impersonation),
                                        std::move(client));
}

std::expected<Impersonation, std::string> read_impersonation(const json::object& file) {
  auto url = url_member(file, "service_account_impersonation_url");
  if (!url) return std::unexpected(std::move(url.error()));
  Impersonation impersonation;
  impersonation.url = std::move(*url);
  const json::value* const delegates = file.if_contains("delegates");
  if (delegates == nullptr || delegates->is_null()) return impersonation;
  if (!delegates->is_array()) return std::unexpected("its \"delegates\" are no list");
  for (const json::value& delegate : delegates->get_array()) {
    if (!delegate.is_string()) return std::unexpected("its \"delegates\" are no names");
    impersonation.delegates.emplace_back(delegate.get_string());
  }
  return impersonation;
}

}  // namespace chartmuseum::storage::google
