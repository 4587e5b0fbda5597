// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/authorizer.hpp"

#include "base/http_date.hpp"
#include "unit/storage/amazon/amazon_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::amazon {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::HasSubstr;

const auto kNow = std::chrono::sys_days(std::chrono::year_month_day(
                      std::chrono::year(2026), std::chrono::May, std::chrono::day(1))) +
                  std::chrono::hours(12);

AmazonAuthorizer authorizer_of(std::shared_ptr<CredentialSource> source) {
  return AmazonAuthorizer({std::move(source)}, "eu-west-1", "s3", [] { return kNow; });
}

transport::Request authorized(AmazonAuthorizer& authorizer) {
  transport::Request request;
  request.url = "http://s3/b/k";
  auto ready = run_task(authorizer.authorize(std::move(request)));
  if (!ready) throw std::runtime_error(ready.error().detail);
  return *ready;
}

std::string date_of(AmazonAuthorizer& authorizer) {
  return std::string(authorized(authorizer).headers.get("x-amz-date").value());
}

transport::Response refusal(unsigned status, const std::string& code,
                            std::chrono::sys_seconds date = kNow) {
  return {status,
          {{"Date", format_http_date(date)}},
          code.empty() ? "" : "<Error><Code>" + code + "</Code></Error>"};
}

TEST(AmazonAuthorizer, signs_the_hash_of_what_is_sent) {
  auto authorizer = authorizer_of(keys());
  const auto request = authorized(authorizer);
  EXPECT_EQ(request.headers.get("x-amz-content-sha256"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_THAT(std::string(*request.headers.get("authorization")),
              HasSubstr("SignedHeaders=host;x-amz-content-sha256;x-amz-date"));
}

TEST(AmazonAuthorizer, goes_by_the_clock_of_a_service_that_refuses_ours) {
  auto authorizer = authorizer_of(keys());
  EXPECT_EQ(date_of(authorizer), "20260501T120000Z");
  EXPECT_TRUE(authorizer.may_fare_better(
      refusal(403, "RequestTimeTooSkewed", kNow + std::chrono::hours(2))));
  EXPECT_EQ(date_of(authorizer), "20260501T140000Z");
  // With the right time already, no better.
  EXPECT_FALSE(authorizer.may_fare_better(
      refusal(403, "RequestTimeTooSkewed", kNow + std::chrono::hours(2))));
  // HEAD does not say why.
  EXPECT_TRUE(authorizer.may_fare_better(refusal(403, "", kNow)));
  EXPECT_EQ(date_of(authorizer), "20260501T120000Z");
  EXPECT_FALSE(authorizer.may_fare_better(refusal(403, "", kNow)));
}

TEST(AmazonAuthorizer, fetches_credentials_anew_that_the_service_refuses) {
  auto source = keys();
  auto authorizer = authorizer_of(source);
  authorized(authorizer);
  authorized(authorizer);
  EXPECT_EQ(source->asked, 1);
  for (const auto& [status, code] :
       std::vector<std::pair<unsigned, std::string>>{{400, "ExpiredToken"},
                                                     {403, "InvalidAccessKeyId"},
                                                     {403, "SignatureDoesNotMatch"},
                                                     {400, ""}}) {
    const int before = source->asked;
    EXPECT_TRUE(authorizer.may_fare_better(refusal(status, code)));
    authorized(authorizer);
    EXPECT_EQ(source->asked, before + 1) << code;
  }
  EXPECT_FALSE(authorizer.may_fare_better(refusal(403, "AccessDenied")));
  EXPECT_FALSE(authorizer.may_fare_better(refusal(404, "NoSuchKey")));
  EXPECT_FALSE(authorizer.may_fare_better(refusal(404, "")));
}

TEST(AmazonAuthorizer, renews_credentials_before_they_expire) {
  auto source = std::make_shared<FixedSource>(
      FoundCredentials(Expiring<Credentials>{{"AK", "SK", "TK"}, kNow + std::chrono::hours(1)}));
  auto now = std::make_shared<std::chrono::system_clock::time_point>(kNow);
  AmazonAuthorizer authorizer({source}, "r", "s3", [now] { return *now; });
  authorized(authorizer);
  *now += std::chrono::minutes(54);
  authorized(authorizer);
  EXPECT_EQ(source->asked, 1);
  *now += std::chrono::minutes(2);
  authorized(authorizer);
  EXPECT_EQ(source->asked, 2);
}

TEST(AmazonAuthorizer, asks_no_further_source_after_one_that_fails) {
  auto failing = std::make_shared<FixedSource>(
      FoundCredentials(std::unexpected(Failure{FailureKind::unavailable, "gone"})));
  auto none = std::make_shared<FixedSource>(FoundCredentials(std::nullopt));
  auto never = keys();
  const auto found = run_task(find_credentials({none, failing, never}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, FailureKind::unavailable);
  EXPECT_EQ(never->asked, 0);
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
