// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/bearer_authorizer.hpp"

#include "conformance/run_task.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::microsoft {
namespace {

class BearerTest : public testing::Test {
 protected:
  BearerTest()
      : authorizer_(make_bearer_authorizer([this] { return fetch(); }, [this] { return now_; })) {}

  Task<Result<Expiring<std::string>>> fetch() {
    if (failure_) co_return std::unexpected(*failure_);
    co_return Expiring<std::string>{"token-" + std::to_string(++fetched_)};
  }

  std::string authorization() {
    const auto ready = run_task(authorizer_->authorize({}));
    return ready ? std::string(ready->headers.get("Authorization").value_or("")) : "none";
  }

  bool may_fare_better(unsigned status, const std::string& code) {
    transport::Response refusal;
    refusal.status = status;
    refusal.headers.set("x-ms-error-code", code);
    return authorizer_->may_fare_better(refusal);
  }

  std::optional<Failure> failure_;
  int fetched_ = 0;
  std::chrono::steady_clock::time_point now_;
  std::shared_ptr<Authorizer> authorizer_;
};

TEST_F(BearerTest, sends_one_token_for_as_long_as_it_is_good) {
  EXPECT_EQ(authorization(), "Bearer token-1");
  EXPECT_EQ(authorization(), "Bearer token-1");
}

TEST_F(BearerTest, fetches_a_new_token_when_the_service_refuses_the_old_one) {
  EXPECT_EQ(authorization(), "Bearer token-1");
  EXPECT_TRUE(may_fare_better(401, "InvalidAuthenticationInfo"));
  EXPECT_EQ(authorization(), "Bearer token-2");
  now_ += std::chrono::minutes(1);
  EXPECT_TRUE(may_fare_better(403, "AuthenticationFailed"));
  EXPECT_EQ(authorization(), "Bearer token-3");
}

TEST_F(BearerTest, fetches_one_token_for_all_requests_that_were_under_way) {
  EXPECT_EQ(authorization(), "Bearer token-1");
  EXPECT_TRUE(may_fare_better(401, ""));
  EXPECT_EQ(authorization(), "Bearer token-2");
  EXPECT_TRUE(may_fare_better(401, ""));
  EXPECT_EQ(authorization(), "Bearer token-2");
}

TEST_F(BearerTest, keeps_a_token_that_may_not_do_what_is_asked) {
  EXPECT_EQ(authorization(), "Bearer token-1");
  EXPECT_FALSE(may_fare_better(403, "AuthorizationPermissionMismatch"));
  EXPECT_FALSE(may_fare_better(404, "ContainerNotFound"));
  EXPECT_EQ(authorization(), "Bearer token-1");
}

TEST_F(BearerTest, passes_on_why_there_is_no_token) {
  failure_ = Failure{FailureKind::denied, "no token from here"};
  const auto ready = run_task(authorizer_->authorize({}));
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().detail, "no token from here");
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
