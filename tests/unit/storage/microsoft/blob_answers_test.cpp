// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_answers.hpp"

#include "base/http_date.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

using testing::HasSubstr;
using testing::Not;

const Service kService{.container = "charts",
                       .endpoint = "https://acct.blob.core.windows.net",
                       .credentials = "AZURE_STORAGE_ACCESS_KEY"};

transport::Response answer(unsigned status, const std::string& code = "",
                           const std::string& body = "") {
  transport::Response response{.status = status, .headers = {}, .body = body};
  if (!code.empty()) response.headers.set("x-ms-error-code", code);
  return response;
}

transport::Response head(transport::Headers headers) {
  return {.status = 200, .headers = std::move(headers), .body = {}};
}

TEST(BlobRefusal, only_a_blob_that_is_missing_is_absent) {
  EXPECT_FALSE(blob_refusal(answer(404, "BlobNotFound"), kService));
  EXPECT_FALSE(blob_refusal(answer(404, "", "<Error><Code>BlobNotFound</Code></Error>"), kService));
  for (const auto& other : {answer(404), answer(404, "ContainerNotFound"),
                            answer(404, "ResourceNotFound"), answer(404, "", "no such page"),
                            answer(403, "BlobNotFound"), answer(500, "BlobNotFound")}) {
    EXPECT_TRUE(blob_refusal(other, kService)) << other.status;
  }
}

TEST(BlobRefusal, has_the_kind_that_the_code_or_the_status_says) {
  using enum FailureKind;
  for (const auto& [status, code, kind] :
       std::vector<std::tuple<unsigned, std::string, FailureKind>>{
           {409, "BlobAlreadyExists", conflict},
           {412, "ConditionNotMet", conflict},
           {412, "", conflict},
           {404, "ContainerNotFound", denied},
           {409, "ContainerBeingDeleted", denied},
           {401, "", denied},
           {403, "", denied},
           {403, "AuthenticationFailed", denied},
           {403, "AuthorizationPermissionMismatch", denied},
           {403, "AccountIsDisabled", denied},
           {409, "BlobImmutableDueToPolicy", denied},
           {412, "LeaseIdMissing", denied},
           {400, "InvalidHeaderValue", denied},
           {400, "OutOfRangeInput", invalid},
           {413, "RequestBodyTooLarge", invalid},
           {400, "Md5Mismatch", unavailable},
           {429, "", throttled},
           {503, "ServerBusy", throttled},
           {503, "", unavailable},
           {500, "InternalError", unavailable},
           {500, "OperationTimedOut", unavailable},
           {302, "", unavailable},
           {409, "SomethingNew", unavailable}}) {
    const auto failure = blob_refusal(answer(status, code), kService);
    ASSERT_TRUE(failure) << status << code;
    EXPECT_EQ(failure->kind, kind) << failure->detail;
    EXPECT_THAT(failure->detail, HasSubstr("\"charts\""));
    EXPECT_THAT(failure->detail, HasSubstr(code));
  }
}

TEST(BlobRefusal, says_what_to_check) {
  const auto detail = [](const transport::Response& refused) {
    return blob_refusal(refused, kService)->detail;
  };
  EXPECT_THAT(detail(answer(404, "ContainerNotFound")), HasSubstr("--storage-microsoft-container"));
  EXPECT_THAT(detail(answer(403, "AuthenticationFailed")), HasSubstr("AZURE_STORAGE_ACCESS_KEY"));
  EXPECT_THAT(detail(answer(403, "AuthorizationPermissionMismatch")),
              HasSubstr("Storage Blob Data Contributor"));
  EXPECT_THAT(detail(answer(404, "", "<html>")), HasSubstr("is it Blob Storage"));
  transport::Response late = answer(403, "AuthenticationFailed");
  late.headers.set("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_THAT(detail(late), HasSubstr("the clocks differ"));
}

TEST(BlobRefusal, repeats_nothing_of_the_answer_but_a_code) {
  for (const std::string& code :
       {std::string("a b\r\nsecret"), std::string("secret!"), std::string(1000, 's')}) {
    EXPECT_THAT(
        blob_refusal(answer(403, code, "<Error><Code>secret;</Code></Error>"), kService)->detail,
        Not(HasSubstr("secret")));
  }
  EXPECT_THAT(
      blob_refusal(answer(403, "", "<Error><Code>secret key</Code></Error>"), kService)->detail,
      Not(HasSubstr("secret")));
}

TEST(BlobDescription, has_what_was_stored_with_the_blob) {
  const auto known = described(head({{"ETag", "\"0x8D\""},
                                     {"Last-Modified", "Sun, 22 Nov 2026 20:35:59 GMT"},
                                     {"x-ms-meta-sha256", Digest::of("x").hex()},
                                     {"X-Ms-Meta-Upload", "abc"}}),
                               7);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->info.size, 7U);
  EXPECT_EQ(known->info.etag, "0x8D");
  EXPECT_EQ(known->info.modified, *parse_http_date("Sun, 22 Nov 2026 20:35:59 GMT"));
  EXPECT_EQ(known->digest, Digest::of("x"));
  EXPECT_EQ(known->upload, "abc");
}

TEST(BlobDescription, makes_do_without_what_others_do_not_store) {
  const auto known = described(head({{"ETag", "0x8D"},
                                     {"Last-Modified", "Sun, 22 Nov 2026 20:35:59 GMT"},
                                     {"x-ms-meta-sha256", "none"}}),
                               7);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->info.etag, "0x8D");
  EXPECT_FALSE(known->digest);
}

TEST(BlobDescription, is_none_without_time_or_etag) {
  EXPECT_FALSE(described(head({{"ETag", "\"0x8D\""}}), 7));
  EXPECT_FALSE(described(head({{"ETag", "\"0x8D\""}, {"Last-Modified", "lately"}}), 7));
  EXPECT_FALSE(described(head({{"Last-Modified", "Sun, 22 Nov 2026 20:35:59 GMT"}}), 7));
  EXPECT_FALSE(
      described(head({{"ETag", "\"\""}, {"Last-Modified", "Sun, 22 Nov 2026 20:35:59 GMT"}}), 7));
}

TEST(BlobLength, is_a_number_or_unknown) {
  EXPECT_EQ(length_of(head({{"Content-Length", "7"}})), 7U);
  EXPECT_EQ(whole_length_of(head({{"Content-Range", "bytes 0-4/18446744073709551615"}})),
            18446744073709551615U);
  for (const std::string bad : {"", "-7", "7 ", "0x7", "18446744073709551616"}) {
    EXPECT_EQ(length_of(head({{"Content-Length", bad}})), std::nullopt);
    EXPECT_EQ(whole_length_of(head({{"Content-Range", "bytes 0-4/" + bad}})), std::nullopt);
  }
  EXPECT_EQ(whole_length_of(head({{"Content-Range", "lines 0-4/7"}})), std::nullopt);
  EXPECT_EQ(whole_length_of(head({{"Content-Range", "bytes 0-4/*"}})), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
