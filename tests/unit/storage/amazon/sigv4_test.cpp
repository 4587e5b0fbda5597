// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/sigv4.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace chartmuseum::storage::amazon {
namespace {

constexpr std::chrono::sys_seconds kFriday = std::chrono::sys_days(
    std::chrono::year_month_day(std::chrono::year(2013), std::chrono::May, std::chrono::day(24)));

struct Example {
  std::string name;
  std::string method;
  std::string url;
  transport::Headers headers;
  std::string body;
  std::string signed_headers;
  std::string signature;
};

std::ostream& operator<<(std::ostream& out, const Example& example) {
  return out << example.name;
}

std::string authorization(const Example& example, bool with_hash, const Credentials& credentials,
                          const SigningScope& scope) {
  transport::Request request;
  request.method = example.method;
  request.url = example.url;
  request.headers = example.headers;
  if (!example.body.empty()) request.body = transport::body_of(example.body);
  if (with_hash) request.headers.set("x-amz-content-sha256", body_hash(request));
  sign(request, credentials, scope);
  return std::string(request.headers.get("authorization").value());
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
class S3Example : public testing::TestWithParam<Example> {};

TEST_P(S3Example, is_signed_as_amazon_publishes_it) {
  const Example& example = GetParam();
  EXPECT_EQ(authorization(example, true,
                          {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
                          {"us-east-1", "s3", kFriday}),
            "AWS4-HMAC-SHA256 "
            "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=" +
                example.signed_headers + ", Signature=" + example.signature);
}

const std::string kHost = "https://examplebucket.s3.amazonaws.com";

INSTANTIATE_TEST_SUITE_P(
    Published, S3Example,
    testing::Values(Example{"get_object",
                            "GET",
                            kHost + "/test.txt",
                            {{"Range", "bytes=0-9"}},
                            "",
                            "host;range;x-amz-content-sha256;x-amz-date",
                            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
                    Example{"put_object",
                            "PUT",
                            kHost + "/test%24file.text",
                            {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                             {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                            "Welcome to Amazon S3.",
                            "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
                    Example{"get_bucket_lifecycle",
                            "GET",
                            kHost + "/?lifecycle",
                            {},
                            "",
                            "host;x-amz-content-sha256;x-amz-date",
                            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
                    Example{"list_objects",
                            "GET",
                            kHost + "?prefix=J&max-keys=2",
                            {},
                            "",
                            "host;x-amz-content-sha256;x-amz-date",
                            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"}),
    [](const auto& test) { return test.param.name; });

// The aws-sig-v4-test-suite of
// https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html (those that an HTTP
// client of ours can send: no folded headers, and encoded URLs).
class SuiteExample : public testing::TestWithParam<Example> {};

TEST_P(SuiteExample, is_signed_as_amazon_publishes_it) {
  const Example& example = GetParam();
  const auto time = std::chrono::sys_days(std::chrono::year_month_day(
                        std::chrono::year(2015), std::chrono::August, std::chrono::day(30))) +
                    std::chrono::hours(12) + std::chrono::minutes(36);
  EXPECT_EQ(
      authorization(example, false, {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""},
                    {"us-east-1", "service", time}),
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=" +
          example.signed_headers + ", Signature=" + example.signature);
}

const std::string kSuite = "https://example.amazonaws.com";

INSTANTIATE_TEST_SUITE_P(
    Published, SuiteExample,
    testing::Values(
        Example{"get_vanilla",
                "GET",
                kSuite + "/",
                {},
                "",
                "host;x-amz-date",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        Example{"get_vanilla_query_order_key_case",
                "GET",
                kSuite + "/?Param2=value2&Param1=value1",
                {},
                "",
                "host;x-amz-date",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        Example{"get_utf8",
                "GET",
                kSuite + "/%E1%88%B4",
                {},
                "",
                "host;x-amz-date",
                "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        Example{"get_vanilla_utf8_query",
                "GET",
                kSuite + "/?%E1%88%B4=bar",
                {},
                "",
                "host;x-amz-date",
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        Example{"get_header_key_duplicate",
                "GET",
                kSuite + "/",
                {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
                "",
                "host;my-header1;x-amz-date",
                "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
        Example{"get_header_value_trim",
                "GET",
                kSuite + "/",
                {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
                "",
                "host;my-header1;my-header2;x-amz-date",
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        Example{"post_vanilla",
                "POST",
                kSuite + "/",
                {},
                "",
                "host;x-amz-date",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        Example{"post_x_www_form_urlencoded",
                "POST",
                kSuite + "/",
                {{"Content-Type", "application/x-www-form-urlencoded"}},
                "Param1=value1",
                "content-type;host;x-amz-date",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"}),
    [](const auto& test) { return test.param.name; });

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST(PresignedUrl, is_the_one_that_amazon_publishes) {
  EXPECT_EQ(presigned_url("GET", kHost + "/test.txt",
                          {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
                          {"us-east-1", "s3", kFriday}, std::chrono::days(1)),
            kHost +
                "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE"
                "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
                "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
                "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(PresignedUrl, holds_the_session_token) {
  const std::string url = presigned_url("GET", kHost + "/a", {"AK", "SK", "to/ken"},
                                        {"us-east-1", "s3", kFriday}, std::chrono::minutes(5));
  EXPECT_TRUE(url.contains("&X-Amz-Security-Token=to%2Fken&X-Amz-Signature=")) << url;
}

TEST(Signing, sends_the_session_token_and_signs_it) {
  transport::Request request;
  request.url = kHost + "/";
  sign(request, {"AK", "SK", "token"}, {"us-east-1", "s3", kFriday});
  EXPECT_EQ(request.headers.get("x-amz-security-token"), "token");
  EXPECT_TRUE(
      request.headers.get("authorization")->contains("host;x-amz-date;x-amz-security-token"));
}

TEST(Signing, takes_the_host_as_it_will_be_sent) {
  const auto signature_of = [](std::string url) {
    transport::Request request;
    request.url = std::move(url);
    sign(request, {"AK", "SK", ""}, {"us-east-1", "s3", kFriday});
    return std::string(*request.headers.get("authorization"));
  };
  EXPECT_EQ(signature_of("https://a:443/x"), signature_of("https://a/x"));
  EXPECT_EQ(signature_of("http://a:80/x"), signature_of("http://a/x"));
  EXPECT_NE(signature_of("http://a:443/x"), signature_of("http://a/x"));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
