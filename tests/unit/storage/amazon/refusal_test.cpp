// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chartmuseum::storage::amazon {
namespace {

using testing::HasSubstr;
using testing::Not;

transport::Response answer(unsigned status, const std::string& code, const std::string& more = "") {
  return {status, {}, code.empty() ? more : "<Error><Code>" + code + "</Code>" + more + "</Error>"};
}

std::optional<Failure> failure(const transport::Response& response) {
  return failure_in(response, "charts", "https://s3.example");
}

TEST(Refusals, mean_what_the_service_says) {
  using enum FailureKind;
  struct Case {
    unsigned status;
    std::string code;
    FailureKind kind;
    std::string hint;
  };
  for (const Case& a : {
           Case{404, "NoSuchBucket", denied, "--storage-amazon-bucket"},
           Case{404, "", unavailable, "--storage-amazon-endpoint"},  // a web server, say
           Case{403, "AccessDenied", denied, "s3:ListBucket"},
           Case{403, "SignatureDoesNotMatch", denied, "secret key"},
           Case{403, "InvalidAccessKeyId", denied, "access key"},
           Case{403, "", denied, "access key"},
           Case{400, "ExpiredToken", denied, "session token"},
           Case{403, "RequestTimeTooSkewed", denied, "clock"},
           Case{301, "PermanentRedirect", denied, "--storage-amazon-region"},
           Case{301, "", denied, "--storage-amazon-region"},
           Case{400, "AuthorizationHeaderMalformed", denied, "--storage-amazon-region"},
           Case{412, "PreconditionFailed", conflict, ""},
           Case{409, "ConditionalRequestConflict", throttled, ""},
           Case{400, "KeyTooLongError", invalid, ""},
           Case{400, "EntityTooLarge", invalid, ""},
           Case{403, "QuotaExceeded", full, ""},
           Case{503, "SlowDown", throttled, ""},
           Case{503, "ServiceUnavailable", unavailable, ""},
           Case{429, "", throttled, ""},
           Case{500, "InternalError", unavailable, ""},
           Case{502, "", unavailable, ""},
           Case{400, "RequestTimeout", unavailable, ""},
           Case{501, "NotImplemented", denied, "--storage-amazon-sse"},
       }) {
    const auto found = failure(answer(a.status, a.code));
    ASSERT_TRUE(found) << a.status << a.code;
    EXPECT_EQ(found->kind, a.kind) << a.status << a.code;
    EXPECT_THAT(found->detail, HasSubstr(a.hint));
    EXPECT_THAT(found->detail, HasSubstr("charts"));
  }
}

TEST(Refusals, only_a_missing_key_is_an_absent_object) {
  EXPECT_FALSE(failure(answer(404, "NoSuchKey")));
  EXPECT_TRUE(failure(answer(404, "", "<html>not found</html>")));
  EXPECT_TRUE(failure(answer(200, "NoSuchKey")));
}

TEST(Refusals, name_the_region_that_the_service_names) {
  EXPECT_THAT(
      failure(answer(400, "AuthorizationHeaderMalformed", "<Region>eu-north-1</Region>"))->detail,
      HasSubstr("eu-north-1"));
  transport::Response redirect = answer(301, "PermanentRedirect");
  redirect.headers.set("x-amz-bucket-region", "ap-south-1");
  EXPECT_THAT(failure(redirect)->detail, HasSubstr("ap-south-1"));
}

TEST(Refusals, keep_what_was_signed_to_themselves) {
  EXPECT_THAT(failure(answer(403, "SignatureDoesNotMatch",
                             "<Message>no</Message><StringToSign>SECRET</StringToSign>"))
                  ->detail,
              Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
