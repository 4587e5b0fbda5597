// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/blob_protocol.hpp"

#include "storage/remote/hashes.hpp"
#include "unit/storage/microsoft/microsoft_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::microsoft {
namespace {

using namespace storage::test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class BlobProtocolTest : public BlobStoreTest {};

TEST_F(BlobProtocolTest, stores_small_objects_in_one_request) {
  serve_in_turn({created()});
  const auto stored = put("some bytes");
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_EQ(stored->name, "a b.tgz");
  EXPECT_EQ(stored->size, 10U);
  EXPECT_EQ(stored->etag, "0x8D");
  EXPECT_THAT(lines(), ElementsAre("PUT /acct/charts/pre/a%20b.tgz"));
  const ReceivedRequest sent = requests().front();
  EXPECT_EQ(sent.body, "some bytes");
  EXPECT_EQ(sent.header("x-ms-version"), "2018-03-28");
  EXPECT_EQ(sent.header("x-ms-blob-type"), "BlockBlob");
  EXPECT_EQ(sent.header("x-ms-blob-content-type"), "application/x-tar");
  EXPECT_EQ(sent.header("x-ms-blob-content-md5"), "nQVoRp0gbBrt8bcfEvR0vA==");
  EXPECT_EQ(sent.header("x-ms-meta-sha256"), Digest::of("some bytes").hex());
  EXPECT_EQ(sent.header("x-ms-meta-upload").size(), 32U);
  EXPECT_EQ(sent.header("if-none-match"), "(none)");
  EXPECT_THAT(sent.header("authorization"), StartsWith("SharedKey acct:"));
}

TEST_F(BlobProtocolTest, creates_only_where_there_is_nothing) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("PUT")
               ? refused("409 Conflict", "BlobAlreadyExists")
               : status("200 OK", "", kBlobHeaders + "x-ms-meta-upload: another\r\n");
  });
  const auto stored = put("some bytes", PutCondition::create_only);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().kind, FailureKind::conflict);
  EXPECT_EQ(requests().front().header("if-none-match"), "*");
}

TEST_F(BlobProtocolTest, stores_large_objects_in_blocks) {
  serve_in_turn({created()});
  const auto stored = put("0123456789abcdefghij+", PutCondition::create_only);
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_EQ(stored->size, 21U);
  const auto sent = requests();
  ASSERT_EQ(sent.size(), 4U);
  std::string list = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_THAT(sent[i].line, HasSubstr("?comp=block&blockid="));
    EXPECT_EQ(sent[i].header("if-none-match"), "(none)");
    EXPECT_NE(sent[i].header("content-md5"), "(none)");
    const std::string id =
        base64(Digest::of(sent[3].header("x-ms-meta-upload")).hex().substr(0, 32) + "-00000" +
               std::to_string(i));
    EXPECT_THAT(sent[i].line, HasSubstr(id.substr(0, id.size() - 2)));
    list += "<Latest>" + id + "</Latest>";
  }
  EXPECT_EQ(sent[0].body + sent[1].body + sent[2].body, "0123456789abcdefghij+");
  EXPECT_THAT(sent[3].line, HasSubstr("?comp=blocklist"));
  EXPECT_EQ(sent[3].body, list + "</BlockList>");
  EXPECT_EQ(sent[3].header("if-none-match"), "*");
  EXPECT_EQ(sent[3].header("x-ms-blob-content-type"), "application/x-tar");
  EXPECT_EQ(sent[3].header("x-ms-meta-sha256"), Digest::of("0123456789abcdefghij+").hex());
}

TEST_F(BlobProtocolTest, replaces_blobs_of_other_kinds_as_a_whole) {
  for (const std::string code : {"InvalidBlobType", "InvalidBlobOrBlock"}) {
    serve([&](const ReceivedRequest& request) {
      return request.line.contains("comp=block") ? refused("409 Conflict", code) : created();
    });
    ASSERT_TRUE(put("0123456789abcdefghij+"));
    EXPECT_EQ(requests().back().body, "0123456789abcdefghij+");
    EXPECT_EQ(requests().back().header("x-ms-blob-type"), "BlockBlob");
  }
}

TEST_F(BlobProtocolTest, sends_blocks_again_that_somebody_elses_upload_has_dropped) {
  serve_in_turn({created(), created(), refused("400 Bad Request", "InvalidBlockList"), created()});
  ASSERT_TRUE(put("0123456789abc"));
  EXPECT_EQ(requests().size(), 6U);
}

TEST_F(BlobProtocolTest, does_not_send_blocks_again_and_again) {
  serve([](const ReceivedRequest& request) {
    return request.line.contains("blocklist") ? refused("400 Bad Request", "InvalidBlockList")
                                              : created();
  });
  EXPECT_FALSE(put("0123456789abc"));
  EXPECT_EQ(requests().size(), 9U);
}

TEST_F(BlobProtocolTest, removes_snapshots_with_their_blob) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("HEAD") ? status("200 OK", "", kBlobHeaders)
                                            : status("202 Accepted");
  });
  EXPECT_EQ(run_task(store_->remove("x")), true);
  EXPECT_EQ(requests().back().header("x-ms-delete-snapshots"), "include");
}

std::string page(const std::string& name, const std::string& marker) {
  return transport::test::ok(
      "<EnumerationResults><Blobs><Blob><Name>pre/org/" + name +
      "</Name><Properties><Last-Modified>Sun, 22 Nov 2026 20:35:59 GMT</Last-Modified><Etag>0x8D"
      "</Etag><Content-Length>7</Content-Length></Properties></Blob></Blobs><NextMarker>" +
      marker + "</NextMarker></EnumerationResults>");
}

TEST_F(BlobProtocolTest, lists_one_level_page_by_page) {
  serve_in_turn({page("a", "2!b+/="), page("b", "")});
  const auto listed = run_task(store_->list("org"));
  ASSERT_TRUE(listed) << listed.error().detail;
  EXPECT_EQ(listed->size(), 2U);
  EXPECT_THAT(lines(), ElementsAre("GET /acct/charts?restype=container&comp=list&delimiter=%2F&"
                                   "prefix=pre%2Forg%2F",
                                   "GET /acct/charts?restype=container&comp=list&delimiter=%2F&"
                                   "prefix=pre%2Forg%2F&marker=2%21b%2B%2F%3D"));
}

TEST_F(BlobProtocolTest, ends_a_listing_that_goes_in_a_circle) {
  serve_in_turn({page("a", "x"), page("b", "y"), page("c", "x"), page("d", "y")});
  const auto listed = run_task(store_->list("org"));
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, FailureKind::unavailable);
}

TEST_F(BlobProtocolTest, a_container_that_is_missing_is_no_empty_one) {
  serve_in_turn({refused("404 Not Found", "ContainerNotFound")});
  const auto listed = run_task(store_->list("org"));
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, FailureKind::denied);
  EXPECT_THAT(listed.error().detail, HasSubstr("--storage-microsoft-container"));
  const auto got = run_task(store_->get("x", 10));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, FailureKind::denied);
  serve_in_turn({refused_without_body("404 Not Found", "ContainerNotFound")});
  const auto looked = run_task(store_->stat("x"));
  ASSERT_FALSE(looked);
  EXPECT_EQ(looked.error().kind, FailureKind::denied);
}

TEST_F(BlobProtocolTest, a_blob_that_is_missing_is_absent) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("HEAD") ? refused_without_body("404 Not Found", "BlobNotFound")
                                            : refused("404 Not Found", "BlobNotFound");
  });
  EXPECT_EQ(*run_task(store_->get("x", 10)), std::nullopt);
  EXPECT_EQ(*run_task(store_->stat("x")), std::nullopt);
  EXPECT_EQ(run_task(store_->remove("x")), false);
}

TEST_F(BlobProtocolTest, checks_what_it_reads_by_the_sum_that_was_stored) {
  const std::string sum = "Content-MD5: nQVoRp0gbBrt8bcfEvR0vA==\r\n";
  serve_in_turn({status("200 OK", "some bytes", kBlobHeaders + sum)});
  const auto whole = run_task(store_->get("x", 10));
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ((*whole)->bytes, "some bytes");
  serve_in_turn({status("200 OK", "some bites", kBlobHeaders + sum)});
  const auto damaged = run_task(store_->get("x", 10));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().kind, FailureKind::unavailable);
}

TEST_F(BlobProtocolTest, reads_the_start_of_a_blob) {
  serve_in_turn(
      {status("206 Partial Content", "some",
              kBlobHeaders + "Content-Range: bytes 0-3/10\r\nx-ms-meta-sha256: " +
                  Digest::of("some bytes").hex() + "\r\nx-ms-meta-upload: some.told\r\n")});
  const auto start = run_task(store_->get_start("x", 4));
  ASSERT_TRUE(start && *start);
  EXPECT_EQ((*start)->bytes, "some");
  EXPECT_EQ((*start)->info.size, 10U);
  EXPECT_EQ((*start)->digest, Digest::of("some bytes"));
  EXPECT_EQ(requests().front().header("range"), "bytes=0-3");
}

TEST_F(BlobProtocolTest, signs_again_where_the_clocks_differ) {
  serve([](const ReceivedRequest& request) {
    return request.header("x-ms-date").contains("1994")
               ? status("200 OK", "some bytes", kBlobHeaders)
               : status("403 Forbidden", "",
                        "x-ms-error-code: AuthenticationFailed\r\n"
                        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  });
  const auto got = run_task(store_->get("x", 10));
  ASSERT_TRUE(got && *got);
  EXPECT_EQ(requests().size(), 2U);
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
