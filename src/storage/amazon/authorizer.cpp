// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/authorizer.hpp"

#include "base/http_date.hpp"
#include "storage/amazon/refusal.hpp"
#include "storage/amazon/sigv4.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace chartmuseum::storage::amazon {

namespace {

/// Credentials that were good may have been replaced, in their file or by their source.
constexpr std::array<std::string_view, 7> kStaleCredentials{
    "ExpiredToken",         "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken",
    "InvalidClientTokenId", "InvalidAccessKeyId",    "SignatureDoesNotMatch"};

constexpr std::array<std::string_view, 3> kWrongTime{"RequestTimeTooSkewed", "RequestExpired",
                                                     "RequestInTheFuture"};

}  // namespace

Task<Result<Expiring<Credentials>>> find_credentials(
    std::vector<std::shared_ptr<CredentialSource>> sources) {
  std::string looked;
  for (const auto& source : sources) {
    Task<FoundCredentials> finding = source->find();
    auto found = co_await std::move(finding);
    if (!found) {
      if (!looked.empty()) found.error().detail += "; before, there was nothing in " + looked;
      co_return std::unexpected(std::move(found.error()));
    }
    if (*found) co_return std::move(**found);
    looked += (looked.empty() ? "" : ", ") + source->name();
  }
  co_return std::unexpected(
      Failure{FailureKind::denied, "no credentials for Amazon S3; looked in " + looked});
}

AmazonAuthorizer::AmazonAuthorizer(std::vector<std::shared_ptr<CredentialSource>> sources,
                                   std::string region, std::string service, Clock now)
    : region_(std::move(region)),
      service_(std::move(service)),
      now_(now),
      credentials_([sources = std::move(sources)] { return find_credentials(sources); },
                   std::chrono::minutes(5), std::move(now)) {}

Task<Result<transport::Request>> AmazonAuthorizer::authorize(transport::Request request) {
  Task<Result<Credentials>> getting = credentials_.get();
  auto credentials = co_await std::move(getting);
  if (!credentials) co_return std::unexpected(std::move(credentials.error()));
  if (!request.headers.get("x-amz-content-sha256")) {
    request.headers.set("x-amz-content-sha256", body_hash(request));
  }
  sign(request, *credentials, {region_, service_, service_time()});
  co_return request;
}

bool AmazonAuthorizer::may_fare_better(const transport::Response& refusal) {
  const std::string code = error_in(refusal).code;
  if (std::ranges::find(kWrongTime, code) != kWrongTime.end()) return note_skew(refusal);
  if (std::ranges::find(kStaleCredentials, code) != kStaleCredentials.end()) {
    credentials_.forget();
    return true;
  }
  if (!code.empty() || !refusal.body.empty()) return false;
  // An answer to HEAD does not say why: 403 may be the clock, and 400 is what expired tokens get.
  if (refusal.status == 403 && note_skew(refusal)) return true;
  if (refusal.status != 400) return false;
  credentials_.forget();
  return true;
}

Task<Result<std::string>> AmazonAuthorizer::presigned(std::string url, std::chrono::seconds valid) {
  Task<Result<Credentials>> getting = credentials_.get();
  auto credentials = co_await std::move(getting);
  if (!credentials) co_return std::unexpected(std::move(credentials.error()));
  co_return presigned_url("GET", url, *credentials, {region_, service_, service_time()}, valid);
}

std::chrono::sys_seconds AmazonAuthorizer::service_time() const {
  return std::chrono::floor<std::chrono::seconds>(now_()) + std::chrono::seconds(skew_);
}

bool AmazonAuthorizer::note_skew(const transport::Response& answer) {
  // Amazon takes requests that were signed up to 15 minutes before or after its own time; others
  // may take less.
  constexpr std::chrono::minutes kTolerated{2};
  const auto date = answer.headers.get("date");
  const auto time = date ? parse_http_date(*date) : std::nullopt;
  if (!time || std::chrono::abs(*time - service_time()) < kTolerated) return false;
  skew_ = (*time - std::chrono::floor<std::chrono::seconds>(now_())).count();
  return true;
}

}  // namespace chartmuseum::storage::amazon
