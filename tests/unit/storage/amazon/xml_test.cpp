// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/xml.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::amazon {
namespace {

std::string listing(const std::string& inner) {
  return R"(<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)" +
         inner + "</ListBucketResult>";
}

TEST(Listing, holds_keys_sizes_times_and_tags) {
  const auto page = read_listing(
      listing("<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
              "<NextContinuationToken>to+ken/=</NextContinuationToken>"
              "<Contents><Key>p/a%2Bb+c%25.tgz</Key><LastModified>2026-01-02T03:04:05.678Z"
              "</LastModified><ETag>&quot;abc-2&quot;</ETag><Size>12</Size></Contents>"
              "<CommonPrefixes><Prefix>p/q/</Prefix></CommonPrefixes>"));
  ASSERT_TRUE(page) << page.error();
  ASSERT_EQ(page->objects.size(), 1U);
  EXPECT_EQ(page->objects[0].name, "p/a+b c%.tgz");
  EXPECT_EQ(page->objects[0].size, 12U);
  EXPECT_EQ(page->objects[0].etag, "abc-2");
  EXPECT_EQ(format_rfc3339(page->objects[0].modified), "2026-01-02T03:04:05Z");
  EXPECT_TRUE(page->truncated);
  EXPECT_EQ(page->next, "to+ken/=");  // tokens are not encoded
}

TEST(Listing, keys_are_taken_as_they_are_where_the_service_does_not_encode_them) {
  const auto page =
      read_listing(listing("<IsTruncated>false</IsTruncated><Contents><Key>a+b%20</Key>"
                           "<LastModified>2026-01-02T03:04:05Z</LastModified><ETag>x</ETag>"
                           "<Size>1</Size></Contents>"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects[0].name, "a+b%20");
  EXPECT_EQ(page->objects[0].etag, "x");
}

TEST(Listing, refuses_what_is_no_whole_listing) {
  const std::string entry = "<Key>a</Key><LastModified>2026-01-02T03:04:05Z</LastModified>";
  const std::string whole = "<IsTruncated>false</IsTruncated>";
  for (const std::string& body : {
           std::string(),
           std::string("{}"),
           std::string("<html><body>hello</body></html>"),
           std::string("<ListBucketResult><IsTruncated>false</IsTruncated>"),  // cut
           listing(""),                                                        // whole or not?
           listing(whole + "<Contents>" + entry + "</Contents>"),
           listing(whole + "<Contents>" + entry + "<Size>-1</Size></Contents>"),
           listing(whole + "<Contents>" + entry + "<Size>99999999999999999999</Size></Contents>"),
           listing(whole + "<Contents><Key>a</Key><Size>1</Size><LastModified>yesterday"
                           "</LastModified></Contents>"),
           listing("<EncodingType>url</EncodingType>" + whole +
                   "<Contents><Key>a%2</Key><LastModified>2026-01-02T03:04:05Z</LastModified>"
                   "<Size>1</Size></Contents>"),
       }) {
    EXPECT_FALSE(read_listing(body)) << body;
  }
}

TEST(Listing, never_resolves_entities_of_the_document) {
  const auto page =
      read_listing(R"(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>)" +
                   listing("<IsTruncated>false</IsTruncated><Contents><Key>&e;</Key><LastModified>"
                           "2026-01-02T03:04:05Z</LastModified><Size>1</Size></Contents>")
                       .substr(21));
  EXPECT_TRUE(!page || page->objects.at(0).name == "&e;");
}

TEST(ServiceErrors, are_read_and_cut) {
  const auto error =
      read_error("<Error><Code>AccessDenied</Code><Message>no\n" + std::string(5'000, 'x') +
                 "</Message><Region>eu-1</Region></Error>");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "AccessDenied");
  EXPECT_EQ(error->message.substr(0, 4), "no x");
  EXPECT_EQ(error->message.size(), 300U);
  EXPECT_EQ(error->region, "eu-1");
  EXPECT_EQ(read_error("<ErrorResponse><Error><Code>A</Code></Error></ErrorResponse>")->code, "A");
  for (const char* const body : {"", "<Error/>", "<html/>", "not found", "<Error><Code>A"}) {
    EXPECT_FALSE(read_error(body)) << body;
  }
}

TEST(Uploads, are_named_completed_and_described) {
  EXPECT_EQ(read_upload_id("<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                           "</InitiateMultipartUploadResult>"),
            "u");
  EXPECT_FALSE(read_upload_id("<InitiateMultipartUploadResult/>"));
  EXPECT_EQ(read_completed_etag("<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag>"
                                "</CompleteMultipartUploadResult>"),
            "e-2");
  EXPECT_FALSE(read_completed_etag("<Error><Code>InternalError</Code></Error>"));
  EXPECT_EQ(completion_of({{1, "\"a\""}, {2, "<&>"}}),
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part>"
            "<Part><PartNumber>2</PartNumber><ETag>&lt;&amp;&gt;</ETag></Part>"
            "</CompleteMultipartUpload>");
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
