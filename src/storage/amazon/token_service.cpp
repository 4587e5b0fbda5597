// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/token_service.hpp"

#include "base/timestamp.hpp"
#include "storage/amazon/endpoint.hpp"
#include "storage/amazon/refusal.hpp"
#include "storage/amazon/sigv4.hpp"
#include "storage/amazon/xml.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/small_file.hpp"
#include "storage/remote/uri.hpp"
#include "transport/retry.hpp"

#include <chrono>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

constexpr std::size_t kLongestAnswer = 256UL * 1024;

/// The region's own service: fewer things can fail between here and there.
std::string service_url(const CredentialGround& ground) {
  std::string url = ground.environment("AWS_ENDPOINT_URL_STS").value_or("");
  if (url.empty()) url = "https://sts." + ground.region + '.' + domain_of(ground.region);
  if (!url.ends_with('/')) url += '/';
  return url;
}

QueryParameters parameters_of(const std::string& action, const RoleRequest& role) {
  QueryParameters parameters{
      {"Action", action},
      {"Version", "2011-06-15"},
      {"RoleArn", role.arn},
      {"RoleSessionName", role.session_name.empty() ? "chartmuseum" : role.session_name}};
  if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
  if (!role.duration.empty()) parameters.emplace_back("DurationSeconds", role.duration);
  return parameters;
}

transport::Request request_with(const CredentialGround& ground, const QueryParameters& parameters) {
  transport::Request request;
  request.method = "POST";
  request.url = service_url(ground);
  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = transport::body_of(query_string(parameters));
  request.response_limit = kLongestAnswer;
  return request;
}

Failure refusal_of(const transport::Response& answer, const std::string& asking) {
  const ServiceError error = error_in(answer);
  // Throttling, and what the service names as passing (IDPCommunicationError).
  const bool passes = transport::may_go_better(answer.status) || error.code == "Throttling" ||
                      error.code == "IDPCommunicationError";
  std::string detail =
      asking + ": " + (error.code.empty() ? "status " + std::to_string(answer.status) : error.code);
  if (!error.message.empty()) detail += " (" + error.message + ")";
  if (!passes) detail += "; check the role's name and whom its trust policy names";
  return {passes ? FailureKind::unavailable : FailureKind::denied, std::move(detail)};
}

Task<Result<Expiring<Credentials>>> ask(CredentialGround ground, transport::Request request,
                                        std::string arn) {
  const std::string asking = "asking " + request.url + " for the role " + arn;
  transport::RetryPolicy policy;
  policy.attempts = 3;
  policy.may_repeat_any = true;
  Task<transport::Result<transport::Response>> sending =
      transport::send_with_retries(*ground.client, std::move(request), policy);
  auto answer = co_await std::move(sending);
  if (!answer) {
    Failure failure = failure_of(std::move(answer.error()));
    failure.detail = asking + ": " + failure.detail;
    co_return std::unexpected(std::move(failure));
  }
  if (answer->status != 200) co_return std::unexpected(refusal_of(*answer, asking));
  auto role = read_assumed_role(answer->body);
  const auto expires = role ? parse_rfc3339(role->expiration) : std::nullopt;
  if (!expires) {
    co_return std::unexpected(
        Failure{FailureKind::unavailable, asking + ": the answer holds no credentials"});
  }
  co_return Expiring<Credentials>{
      {std::move(role->access_key), std::move(role->secret_key), std::move(role->session_token)},
      *expires};
}

}  // namespace

Task<Result<Expiring<Credentials>>> assume_role_with_web_identity(CredentialGround ground,
                                                                  RoleRequest role,
                                                                  std::string token_file) {
  auto token = read_small_file(token_file, kLargestCredentials);
  while (token && (token->ends_with('\n') || token->ends_with('\r'))) token->pop_back();
  if (!token || token->empty()) {
    co_return std::unexpected(Failure{FailureKind::denied, "the web identity token " + token_file +
                                                               " cannot be read, or is empty"});
  }
  QueryParameters parameters = parameters_of("AssumeRoleWithWebIdentity", role);
  parameters.emplace_back("WebIdentityToken", std::move(*token));
  transport::Request request = request_with(ground, parameters);
  Task<Result<Expiring<Credentials>>> asking =
      ask(std::move(ground), std::move(request), std::move(role.arn));
  co_return co_await std::move(asking);
}

Task<Result<Expiring<Credentials>>> assume_role(CredentialGround ground, RoleRequest role,
                                                Credentials with) {
  transport::Request request = request_with(ground, parameters_of("AssumeRole", role));
  const auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  sign(request, with, {ground.region, "sts", time});
  Task<Result<Expiring<Credentials>>> asking =
      ask(std::move(ground), std::move(request), std::move(role.arn));
  co_return co_await std::move(asking);
}

}  // namespace chartmuseum::storage::amazon
