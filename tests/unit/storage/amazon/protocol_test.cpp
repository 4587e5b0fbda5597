// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/protocol.hpp"

#include "base/digest.hpp"
#include "storage/remote/remote_store.hpp"
#include "unit/storage/amazon/amazon_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>

#include <latch>
#include <thread>

namespace chartmuseum::storage::amazon {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using transport::test::ok;

const std::string kTime = "Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT\r\n";

/// What HEAD or GET tell of an object; HEAD's bodies are not sent.
std::string head(const std::string& etag = "e1", const std::string& more = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: \"" + etag + "\"\r\n" + kTime + more +
         "\r\n";
}

std::string stored(const std::string& etag = "e1") {
  return status("200 OK", "", "ETag: \"" + etag + "\"\r\n");
}

std::string absent_head() {
  return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
}

std::string listing(const std::vector<std::string>& keys, const std::string& more,
                    bool truncated = true) {
  std::string entries;
  for (const std::string& key : keys) {
    entries += "<Contents><Key>" + key +
               "</Key><LastModified>2026-01-02T03:04:05Z</LastModified><Size>1</Size></Contents>";
  }
  return ok("<ListBucketResult><IsTruncated>" + std::string(truncated ? "true" : "false") +
            "</IsTruncated>" + more + entries + "</ListBucketResult>");
}

std::unique_ptr<ObjectStore> store_at(const std::string& url, ProtocolSettings settings) {
  auto authorizer = std::make_shared<AmazonAuthorizer>(
      std::vector<std::shared_ptr<CredentialSource>>{keys()}, "r", "s3");
  transport::RetryPolicy policy;
  policy.first = std::chrono::milliseconds(1);
  auto caller = std::make_shared<Caller>(std::make_shared<transport::Client>(), authorizer, policy);
  settings.bucket = "b";
  auto protocol = std::make_shared<S3Protocol>(
      std::move(settings), *Endpoint::of(url, "r", "b", true), caller, authorizer);
  return make_remote_store(caller, protocol, "p/");
}

class S3ProtocolTest : public testing::Test {
 protected:
  void serve(std::vector<std::string> answers, ProtocolSettings settings = {}) {
    store_.reset();
    service_ = std::make_unique<ScriptedService>(std::move(answers));
    store_ = store_at(service_->url(), std::move(settings));
  }

  std::string put(const std::string& bytes, PutCondition condition = PutCondition::create_only) {
    const auto done = run_task(store_->put("k.tgz", Content(bytes), condition));
    return done ? done->etag : name_of(done.error().kind);
  }

  std::string list() {
    const auto objects = run_task(store_->list(""));
    if (!objects) return name_of(objects.error().kind);
    std::string names;
    for (const auto& object : *objects) names += object.name + " ";
    return names;
  }

  [[nodiscard]] std::vector<std::string> lines() const { return service_->lines(); }
  [[nodiscard]] ReceivedRequest request(std::size_t place) const {
    return service_->requests().at(place);
  }

  std::unique_ptr<ScriptedService> service_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(S3ProtocolTest, stores_with_type_digest_and_encryption) {
  serve({absent_head(), stored(), head()},
        {.bucket = {}, .encryption = "aws:kms", .kms_key = "key"});
  EXPECT_EQ(put("x"), "e1");
  EXPECT_THAT(lines(), ElementsAre("HEAD /b/p/k.tgz", "PUT /b/p/k.tgz", "HEAD /b/p/k.tgz"));
  const auto sent = request(1);
  EXPECT_EQ(sent.body, "x");
  EXPECT_EQ(sent.header("if-none-match"), "*");
  EXPECT_EQ(sent.header("content-type"), "application/x-tar");
  EXPECT_EQ(sent.header("x-amz-content-sha256"), Digest::of("x").hex());
  EXPECT_EQ(sent.header("x-amz-meta-chartmuseum-sha256"), Digest::of("x").hex());
  EXPECT_EQ(sent.header("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(sent.header("x-amz-server-side-encryption-aws-kms-key-id"), "key");
}

TEST_F(S3ProtocolTest, never_overwrites_at_a_service_that_may_ignore_conditions) {
  serve({head(), head()});
  EXPECT_EQ(put("x"), "conflict");
  for (const std::string& line : lines()) EXPECT_THAT(line, StartsWith("HEAD"));
}

TEST_F(S3ProtocolTest, creates_nothing_where_it_may_not_look) {
  serve({"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(put("x"), "denied");
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(S3ProtocolTest, remembers_that_a_service_honours_conditions) {
  serve({absent_head(), error("412 Precondition Failed", "PreconditionFailed"), head(),
         stored("e2"), head("e2")});
  EXPECT_EQ(put("x"), "conflict");
  EXPECT_EQ(put("x"), "e2");
  EXPECT_EQ(lines().at(3), "PUT /b/p/k.tgz");  // without looking first
}

TEST_F(S3ProtocolTest, remembers_that_a_service_refuses_conditions) {
  serve({absent_head(), error("501 Not Implemented", "NotImplemented"), absent_head(), stored(),
         head(), absent_head(), stored(), head()});
  EXPECT_EQ(put("x"), "e1");
  EXPECT_EQ(request(3).header("if-none-match"), "(none)");
  EXPECT_EQ(put("x"), "e1");
  EXPECT_EQ(request(6).header("if-none-match"), "(none)");
}

TEST_F(S3ProtocolTest, looks_again_before_it_stores_without_the_condition) {
  serve({absent_head(), error("501 Not Implemented", "NotImplemented"), head("another"),
         head("another")});
  EXPECT_EQ(put("x"), "conflict");
}

TEST_F(S3ProtocolTest, a_refusal_of_something_else_is_not_remembered) {
  serve({absent_head(), error("501 Not Implemented", "NotImplemented"), absent_head(),
         error("501 Not Implemented", "NotImplemented"), absent_head(), stored(), head()});
  EXPECT_EQ(put("x"), "denied");
  EXPECT_EQ(put("x"), "e1");
  EXPECT_EQ(request(5).header("if-none-match"), "*");
}

TEST_F(S3ProtocolTest, tries_again_when_others_write_the_same_object) {
  serve({absent_head(), error("409 Conflict", "ConditionalRequestConflict"), absent_head(),
         stored(), head()});
  EXPECT_EQ(put("x"), "e1");
}

TEST_F(S3ProtocolTest, what_was_stored_is_acknowledged_even_if_its_time_cannot_be_had) {
  serve({stored("mine"), error("403 Forbidden", "AccessDenied")});
  EXPECT_EQ(put("x", PutCondition::overwrite), "mine");
  serve({stored("mine"), head("another")});  // somebody was faster
  EXPECT_EQ(put("x", PutCondition::overwrite), "mine");
}

const std::string kBegun =
    "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>";
const std::string kCompleted =
    "<CompleteMultipartUploadResult><ETag>\"m-2\"</ETag></CompleteMultipartUploadResult>";

TEST_F(S3ProtocolTest, uploads_large_objects_in_parts) {
  serve({ok(kBegun), stored("p1"), stored("p2"), ok(kCompleted), head("m-2")},
        {.bucket = {}, .encryption = "AES256", .kms_key = {}, .part_size = 4});
  EXPECT_EQ(put("abcdef", PutCondition::overwrite), "m-2");
  EXPECT_THAT(lines(),
              ElementsAre("POST /b/p/k.tgz?uploads=", "PUT /b/p/k.tgz?partNumber=1&uploadId=u%2F1",
                          "PUT /b/p/k.tgz?partNumber=2&uploadId=u%2F1",
                          "POST /b/p/k.tgz?uploadId=u%2F1", "HEAD /b/p/k.tgz"));
  EXPECT_EQ(request(0).header("x-amz-server-side-encryption"), "AES256");
  EXPECT_EQ(request(0).header("x-amz-meta-chartmuseum-sha256"), Digest::of("abcdef").hex());
  EXPECT_EQ(request(1).body, "abcd");
  EXPECT_EQ(request(2).body, "ef");
  EXPECT_EQ(request(2).header("x-amz-content-sha256"), Digest::of("ef").hex());
  EXPECT_THAT(request(3).body, HasSubstr("<PartNumber>2</PartNumber><ETag>\"p2\"</ETag>"));
  EXPECT_EQ(request(3).header("if-none-match"), "(none)");
}

TEST_F(S3ProtocolTest, ends_an_upload_in_parts_that_fails) {
  struct Case {
    std::vector<std::string> answers;
    std::string outcome;
  };
  const std::string slow = error("503 Slow Down", "SlowDown");
  for (const Case& a : {
           Case{{ok(kBegun), error("403 Forbidden", "AccessDenied")}, "denied"},
           Case{{ok(kBegun), slow, slow, slow, slow, slow}, "throttled"},
           Case{{ok(kBegun), ok("")}, "unavailable"},  // no ETag
           Case{{ok(kBegun), stored(), stored(), error("404 Not Found", "NoSuchUpload"),
                 absent_head()},
                "unavailable"},
           Case{{ok(kBegun), stored(), stored(), error("200 OK", "PreconditionFailed"),
                 absent_head()},
                "conflict"},
       }) {
    auto answers = a.answers;
    answers.push_back(status("204 No Content"));
    answers.push_back(head());  // whose object is it that is there?
    serve(answers, {.bucket = {}, .encryption = {}, .kms_key = {}, .part_size = 4});
    EXPECT_EQ(put("abcdef", PutCondition::overwrite), a.outcome);
    EXPECT_EQ(lines().at(answers.size() - 2), "DELETE /b/p/k.tgz?uploadId=u%2F1");
  }
}

TEST_F(S3ProtocolTest, ends_an_upload_in_parts_that_is_cancelled) {
  std::latch sent(1);
  std::latch aborted(1);
  FaultyServer server([&](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      if (request->line.starts_with("PUT")) {
        sent.count_down();
        connection.wait_for_end();
        return;
      }
      if (request->line.starts_with("DELETE /b/p/k?uploadId=u%2F1 ")) aborted.count_down();
      connection.send(request->line.starts_with("POST") ? ok(kBegun) : status("204 No Content"));
    }
  });
  const auto store =
      store_at(server.url(""), {.bucket = {}, .encryption = {}, .kms_key = {}, .part_size = 4});
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  const std::string bytes = "abcdef";
  boost::asio::co_spawn(
      context, store->put("k", Content(bytes), PutCondition::overwrite),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [](const std::exception_ptr&, const Result<ObjectInfo>& stored) {
            EXPECT_FALSE(stored);
          }));
  std::jthread canceller([&] {
    sent.wait();
    boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  });
  context.run();
  aborted.wait();
}

TEST_F(S3ProtocolTest, completes_again_what_failed_behind_a_good_status) {
  serve({absent_head(), ok(kBegun), stored(), stored(), error("200 OK", "InternalError"),
         ok(kCompleted), head("m-2")},
        {.bucket = {}, .encryption = {}, .kms_key = {}, .part_size = 4});
  EXPECT_EQ(put("abcdef"), "m-2");
  EXPECT_EQ(request(5).header("if-none-match"), "*");
}

TEST_F(S3ProtocolTest, begins_anew_when_others_complete_the_same_object) {
  serve({absent_head(), ok(kBegun), stored(), stored(),
         error("409 Conflict", "ConditionalRequestConflict"), status("204 No Content"),
         absent_head(), ok(kBegun), stored(), stored(), ok(kCompleted), head("m-2")},
        {.bucket = {}, .encryption = {}, .kms_key = {}, .part_size = 4});
  EXPECT_EQ(put("abcdef"), "m-2");
}

TEST_F(S3ProtocolTest, lists_one_level_page_by_page) {
  serve({listing({"p/a", "p/b%20c"}, "<NextContinuationToken>t/1</NextContinuationToken>"),
         listing({"p/d"}, "", false)});
  EXPECT_EQ(list(), "a b%20c d ");
  EXPECT_THAT(lines(), ElementsAre("GET /b/?delimiter=%2F&encoding-type=url&max-keys=1000"
                                   "&list-type=2&prefix=p%2F",
                                   "GET /b/?delimiter=%2F&encoding-type=url&max-keys=1000"
                                   "&list-type=2&prefix=p%2F&continuation-token=t%2F1"));
}

TEST_F(S3ProtocolTest, lists_by_the_first_version_where_the_second_is_refused) {
  serve({error("501 Not Implemented", "NotImplemented"),
         listing({"p/a"}, "<NextMarker>p/a</NextMarker>"), listing({"p/b"}, "", true),
         listing({}, "", false), listing({}, "", false)});
  EXPECT_EQ(list(), "a b ");
  EXPECT_THAT(lines().at(2), HasSubstr("&marker=p%2Fa"));
  EXPECT_THAT(lines().at(3), HasSubstr("&marker=p%2Fb"));  // the last key
  EXPECT_EQ(list(), "");
  EXPECT_EQ(lines().size(), 5U);  // it remembers
}

TEST_F(S3ProtocolTest, a_listing_that_is_not_to_be_believed_is_a_failure) {
  const std::string next = "<NextContinuationToken>t</NextContinuationToken>";
  for (const auto& answers : std::vector<std::vector<std::string>>{
           {listing({"p/a"}, next), listing({"p/b"}, next)},  // in a circle
           {listing({"p/a"}, "")},                            // no way to go on
           {listing({"other/a"}, "", false)},
           {ok("<html/>")},
           {error("404 Not Found", "NoSuchKey")},
       }) {
    serve(answers);
    EXPECT_EQ(list(), "unavailable");
  }
  serve({error("404 Not Found", "NoSuchBucket")});
  EXPECT_EQ(list(), "denied");
}

TEST_F(S3ProtocolTest, reads_are_checked_against_the_stored_digest) {
  const auto object = [](const std::string& bytes, const std::string& digest_of) {
    return ok(bytes, "ETag: \"e\"\r\n" + kTime +
                         "x-amz-meta-chartmuseum-sha256: " + Digest::of(digest_of).hex() + "\r\n");
  };
  serve({object("right", "right")});
  EXPECT_EQ(run_task(store_->get("k", 100))->value().bytes, "right");
  serve({object("wrong", "right"), object("wrong", "right")});
  EXPECT_EQ(run_task(store_->get("k", 100)).error().kind, FailureKind::unavailable);
}

TEST_F(S3ProtocolTest, answers_that_lack_what_describes_an_object_are_failures) {
  for (const std::string& answer :
       {ok("x"), ok("x", "Last-Modified: yesterday\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + kTime +
                    "\r\n1\r\nx\r\n0\r\n\r\n")}) {
    serve({answer, answer});
    EXPECT_EQ(run_task(store_->get("k", 100)).error().kind, FailureKind::unavailable);
  }
}

TEST_F(S3ProtocolTest, an_object_is_absent_only_where_the_service_says_so) {
  serve({absent_head(), error("404 Not Found", "NoSuchKey")});
  EXPECT_EQ(run_task(store_->stat("k")).value(), std::nullopt);
  serve({absent_head(), error("404 Not Found", "NoSuchBucket")});
  EXPECT_EQ(run_task(store_->stat("k")).error().kind, FailureKind::denied);
  serve({absent_head(), status("404 Not Found", "<html>what?</html>")});
  EXPECT_EQ(run_task(store_->stat("k")).error().kind, FailureKind::unavailable);
}

TEST_F(S3ProtocolTest, hands_out_urls_that_are_signed) {
  serve({});
  const auto url = run_task(store_->download_url("a b", std::chrono::minutes(5)));
  ASSERT_TRUE(url && *url);
  EXPECT_THAT(**url, StartsWith(service_->url() + "/b/p/a%20b?X-Amz-Algorithm="));
  EXPECT_THAT(**url, HasSubstr("X-Amz-Expires=300&"));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
