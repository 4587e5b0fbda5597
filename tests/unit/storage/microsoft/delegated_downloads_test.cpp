// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/delegated_downloads.hpp"

#include "storage/microsoft/sas_authorizer.hpp"
#include "unit/storage/microsoft/microsoft_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

using namespace storage::test;  // NOLINT: a test's own helpers
using testing::HasSubstr;

std::string key(const std::string& value = "a2V5", const std::string& tenant = "tenant") {
  return "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey>"
         "<SignedOid>object</SignedOid><SignedTid>" +
         tenant +
         "</SignedTid><SignedStart>2026-01-02T00:00:00Z</SignedStart>"
         "<SignedExpiry>2200-01-03T00:00:00Z</SignedExpiry><SignedService>b</SignedService>"
         "<SignedVersion>2018-11-09</SignedVersion><Value>" +
         value + "</Value></UserDelegationKey>";
}

TEST(UserDelegationKey, is_read_from_the_answer) {
  const auto read = read_delegation_key(key());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->object_id, "object");
  EXPECT_EQ(read->tenant_id, "tenant");
  EXPECT_EQ(read->expiry, "2200-01-03T00:00:00Z");
  EXPECT_EQ(read->value.bytes, "key");
}

TEST(UserDelegationKey, is_none_if_anything_lacks_or_is_too_long) {
  for (const std::string& xml : {std::string(), std::string("<html/>"), key("?"), key(""),
                                 key("a2V5", ""), key("a2V5", std::string(65, 't'))}) {
    EXPECT_FALSE(read_delegation_key(xml)) << xml;
  }
}

class DelegatedDownloads : public testing::Test {
 protected:
  std::string sign(const std::string& blob) {
    Task<Result<std::optional<std::string>>> signing = signer_(blob, std::chrono::minutes(5));
    const auto query = run_task(std::move(signing));
    return query ? **query : query.error().detail;
  }

  void serve(std::function<std::string(const ReceivedRequest&)> answer) {
    server_ = std::make_unique<FaultyServer>(
        transport::test::answering([this, answer](const ReceivedRequest& request) {
          last_ = request;
          ++asked_;
          return answer(request);
        }));
    const auto caller = std::make_shared<Caller>(std::make_shared<transport::Client>(),
                                                 make_sas_authorizer({"s=1"}));
    signer_ = make_delegated_signer(
        caller, {.name = "acct", .endpoint = {}},
        {.container = "charts", .endpoint = server_->url("/acct"), .credentials = {}},
        "2018-03-28");
  }

  std::unique_ptr<FaultyServer> server_;
  SignDownload signer_;
  ReceivedRequest last_;
  int asked_ = 0;
};

TEST_F(DelegatedDownloads, are_signed_with_a_key_that_is_fetched_once) {
  serve([](const ReceivedRequest&) { return transport::test::ok(key()); });
  EXPECT_THAT(sign("a"), HasSubstr("&skoid=object&sktid=tenant&"));
  EXPECT_THAT(sign("b"), HasSubstr("&ske=2200-01-03T00%3A00%3A00Z&"));
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(last_.line, HasSubstr("POST /acct/?restype=service&comp=userdelegationkey&s=1 "));
  EXPECT_EQ(last_.header("x-ms-version"), "2018-11-09");  // the first that has such keys
  EXPECT_THAT(last_.body, HasSubstr("<KeyInfo><Start>"));
}

TEST_F(DelegatedDownloads, are_none_where_the_role_is_missing) {
  serve([](const ReceivedRequest&) {
    return refused("403 Forbidden", "AuthorizationPermissionMismatch");
  });
  EXPECT_THAT(sign("a"), HasSubstr("no key to sign downloads with"));
}

TEST_F(DelegatedDownloads, are_none_without_a_key_in_the_answer) {
  serve([](const ReceivedRequest&) { return transport::test::ok("<html/>"); });
  EXPECT_THAT(sign("a"), HasSubstr("the answer has none"));
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
