// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/bearer_authorizer.hpp"

#include "storage/microsoft/blob_answers.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

class BearerAuthorizer final : public Authorizer {
 public:
  BearerAuthorizer(FetchToken fetch, std::function<std::chrono::steady_clock::time_point()> now)
      : token_(std::move(fetch)), now_(std::move(now)) {}

  Task<Result<transport::Request>> authorize(transport::Request request) override {
    Task<Result<std::string>> getting = token_.get();
    auto token = co_await std::move(getting);
    if (!token) co_return std::unexpected(std::move(token.error()));
    request.headers.set("Authorization", "Bearer " + *token);
    co_return request;
  }

  /// What a token gets that has expired. With other codes of 403 it is good, but may not do what is
  /// asked; nor may a new one.
  bool may_fare_better(const transport::Response& refusal) override {
    const bool expired = refusal.status == 401 ||
                         (refusal.status == 403 && error_code(refusal) == "AuthenticationFailed");
    if (!expired) return false;
    // Requests that were under way with the same token are refused one after the other.
    constexpr std::chrono::seconds kPause{30};
    const std::lock_guard lock(mutex_);
    if (!forgot_ || now_() - *forgot_ >= kPause) {
      forgot_ = now_();
      token_.forget();
    }
    return true;
  }

 private:
  Renewed<std::string> token_;
  const std::function<std::chrono::steady_clock::time_point()> now_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> forgot_;
};

}  // namespace

std::shared_ptr<Authorizer> make_bearer_authorizer(
    FetchToken fetch, std::function<std::chrono::steady_clock::time_point()> now) {
  return std::make_shared<BearerAuthorizer>(std::move(fetch), std::move(now));
}

}  // namespace chartmuseum::storage::microsoft
