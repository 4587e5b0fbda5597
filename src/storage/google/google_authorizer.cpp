// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_authorizer.hpp"

#include "storage/remote/renewed.hpp"

#include <utility>

namespace chartmuseum::storage::google {

namespace {

class GoogleAuthorizer final : public Authorizer {
 public:
  GoogleAuthorizer(GoogleCredentials credentials,
                   std::function<std::chrono::system_clock::time_point()> now)
      : found_(std::move(credentials.found)),
        quota_project_(std::move(credentials.quota_project)),
        token_([source = std::move(credentials.tokens)] { return source->fetch(kStorageScope); },
               std::chrono::minutes(5), std::move(now)) {}

  Task<Result<transport::Request>> authorize(transport::Request request) override {
    Task<Result<std::string>> getting = token_.get();
    auto token = co_await std::move(getting);
    if (!token) {
      Failure failure = std::move(token.error());
      failure.detail = "no access token from " + found_ + ": " + failure.detail;
      co_return std::unexpected(std::move(failure));
    }
    request.headers.set("Authorization", "Bearer " + *token);
    // https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooguserproject
    if (!quota_project_.empty()) request.headers.set("X-Goog-User-Project", quota_project_);
    co_return request;
  }

  bool may_fare_better(const transport::Response& refusal) override {
    if (refusal.status != 401) return false;
    token_.forget();
    return true;
  }

 private:
  const std::string found_;
  const std::string quota_project_;
  Renewed<std::string> token_;
};

class NoAuthorizer final : public Authorizer {
 public:
  Task<Result<transport::Request>> authorize(transport::Request request) override {
    co_return request;
  }
  bool may_fare_better(const transport::Response& /*refusal*/) override { return false; }
};

}  // namespace

std::shared_ptr<Authorizer> make_google_authorizer(
    GoogleCredentials credentials, std::function<std::chrono::system_clock::time_point()> now) {
  return std::make_shared<GoogleAuthorizer>(std::move(credentials), std::move(now));
}

std::shared_ptr<Authorizer> make_no_authorizer() {
  return std::make_shared<NoAuthorizer>();
}

}  // namespace chartmuseum::storage::google
