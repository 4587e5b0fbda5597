// SPDX-License-Identifier: Apache-2.0
#include "unit/storage/google/google_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::google {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using GoogleProtocolTest = GoogleStoreTest;

/// The headers that stand beside the bytes of an object.
const std::string kMedia =
    "x-goog-generation: 1777369647609324\r\nx-goog-hash: crc32c=4waSgw==,md5=JfnnlDI7RTiF9Rg=\r\n"
    "x-goog-stored-content-length: 9\r\nLast-Modified: Tue, 28 Apr 2026 09:47:27 GMT\r\n";

/// What is stored with an object whose digest somebody vouched for.
std::string kept(const std::string& digest) {
  return R"(,"metadata":{"chartmuseum-upload":"1.told","chartmuseum-sha256":")" + digest + "\"}";
}

TEST_F(GoogleProtocolTest, reads_an_object_by_its_escaped_name) {
  serve([](const ReceivedRequest&) { return ok("123456789", kMedia); });
  const auto object = run_task(store_->get("org/a+b %.tgz", 100));
  ASSERT_TRUE(object && *object) << outcome(object);
  EXPECT_EQ((*object)->bytes, "123456789");
  EXPECT_EQ((*object)->info.etag, "1777369647609324");
  EXPECT_EQ(format_rfc3339((*object)->info.modified), "2026-04-28T09:47:27Z");
  EXPECT_THAT(lines(),
              ElementsAre("GET /storage/v1/b/charts/o/pre%2Forg%2Fa%2Bb%20%25.tgz?alt=media"));
  EXPECT_EQ(requests()[0].header("accept-encoding"), "gzip");
}

TEST_F(GoogleProtocolTest, looks_for_an_object_and_what_was_stored_with_it) {
  const std::string digest(64, 'a');
  serve([&](const ReceivedRequest&) { return ok(resource("pre/a.tgz", 9, kept(digest))); });
  const auto info = run_task(store_->stat("a.tgz"));
  ASSERT_TRUE(info && *info) << outcome(info);
  EXPECT_EQ((*info)->name, "a.tgz");
  EXPECT_EQ((*info)->size, 9U);
  EXPECT_EQ((*info)->etag, "1777369647609324");
  EXPECT_EQ(format_rfc3339((*info)->modified), "2026-04-28T09:47:27Z");
}

TEST_F(GoogleProtocolTest, asks_for_the_digest_beside_the_start_of_an_object) {
  const std::string digest(64, 'a');
  serve([&](const ReceivedRequest& request) {
    if (request.line.contains("alt=media")) {
      return status("206 Partial Content", "1234", kMedia + "Content-Range: bytes 0-3/9\r\n");
    }
    return ok(resource("pre/a.tgz", 9, kept(digest)));
  });
  const auto start = run_task(store_->get_start("a.tgz", 4));
  ASSERT_TRUE(start && *start) << outcome(start);
  EXPECT_EQ((*start)->bytes, "1234");
  EXPECT_EQ((*start)->info.size, 9U);
  ASSERT_TRUE((*start)->digest);
  EXPECT_EQ((*start)->digest->hex(), digest);
}

TEST_F(GoogleProtocolTest, takes_no_digest_of_another_generation) {
  serve([&](const ReceivedRequest& request) {
    if (request.line.contains("alt=media")) {
      return status("206 Partial Content", "1234",
                    "x-goog-generation: 7\r\nLast-Modified: Tue, 28 Apr 2026 09:47:27 GMT\r\n"
                    "Content-Range: bytes 0-3/9\r\n");
    }
    return ok(resource("pre/a.tgz", 9, kept(std::string(64, 'a'))));
  });
  const auto start = run_task(store_->get_start("a.tgz", 4));
  ASSERT_TRUE(start && *start) << outcome(start);
  EXPECT_FALSE((*start)->digest);
}

TEST_F(GoogleProtocolTest, does_not_believe_bytes_with_another_checksum) {
  serve([](const ReceivedRequest&) { return ok("987654321", kMedia); });
  EXPECT_EQ(outcome(run_task(store_->get("a", 100))), "unavailable");
}

TEST_F(GoogleProtocolTest, goes_on_with_a_broken_download_of_the_same_generation) {
  std::atomic<bool> broken = false;
  serve_connections([&](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      note(*request);
      if (!broken.exchange(true)) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n" + kMedia + "\r\n1234");
        return;
      }
      connection.send(
          status("206 Partial Content", "56789", kMedia + "Content-Range: bytes 4-8/9\r\n"));
    }
  });
  const auto object = run_task(store_->open("a"));
  ASSERT_TRUE(object && *object) << outcome(object);
  const auto stream = std::get<std::shared_ptr<ObjectStream>>((*object)->content);
  std::string bytes;
  for (;;) {
    const auto piece = run_task(stream->next());
    ASSERT_TRUE(piece) << piece.error().detail;
    if (piece->empty()) break;
    bytes += *piece;
  }
  EXPECT_EQ(bytes, "123456789");
  EXPECT_THAT(lines()[1], HasSubstr("&ifGenerationMatch=1777369647609324"));
  EXPECT_EQ(requests()[1].header("range"), "bytes=4-");
}

TEST_F(GoogleProtocolTest, lists_one_folder_page_by_page) {
  serve([](const ReceivedRequest& request) {
    if (!request.line.contains("pageToken")) {
      return ok(R"({"kind":"storage#objects","nextPageToken":"a/+","items":[)" +
                resource("pre/org/", 0) + "," + resource("pre/org/a", 1) + "]}");
    }
    return ok(R"({"kind":"storage#objects","items":[)" + resource("pre/org/b", 2) + "," +
              resource("pre/org/sub/c", 3) + "]}");
  });
  const auto objects = run_task(store_->list("org"));
  ASSERT_TRUE(objects) << objects.error().detail;
  ASSERT_EQ(objects->size(), 2U);
  EXPECT_EQ((*objects)[0].name, "a");
  EXPECT_EQ((*objects)[1].name, "b");
  EXPECT_EQ((*objects)[1].size, 2U);
  EXPECT_EQ((*objects)[1].etag, "1777369647609324");
  EXPECT_EQ(format_rfc3339((*objects)[1].modified), "2026-04-28T09:47:27Z");
  EXPECT_THAT(lines()[0], HasSubstr("/storage/v1/b/charts/o?delimiter=%2F&"));
  EXPECT_THAT(lines()[0], HasSubstr("&prefix=pre%2Forg%2F"));
  EXPECT_THAT(lines()[1], HasSubstr("&pageToken=a%2F%2B"));
}

TEST_F(GoogleProtocolTest, follows_pages_that_hold_nothing) {
  serve([](const ReceivedRequest& request) {
    if (!request.line.contains("pageToken"))
      return ok(R"({"kind":"storage#objects","nextPageToken":"2"})");
    return ok(R"({"kind":"storage#objects","items":[)" + resource("pre/b", 2) + "]}");
  });
  const auto objects = run_task(store_->list(""));
  ASSERT_TRUE(objects) << objects.error().detail;
  EXPECT_EQ(objects->size(), 1U);
}

TEST_F(GoogleProtocolTest, refuses_a_list_that_goes_round_in_a_circle) {
  int page = 0;
  serve([&page](const ReceivedRequest&) {
    return ok(++page % 2 == 0 ? R"({"kind":"storage#objects","nextPageToken":"1"})"
                              : R"({"kind":"storage#objects","nextPageToken":"2"})");
  });
  EXPECT_EQ(outcome(run_task(store_->list(""))), "unavailable");
  EXPECT_EQ(requests().size(), 3U);
}

TEST_F(GoogleProtocolTest, refuses_answers_that_are_not_what_was_asked_for) {
  std::string body;
  serve([&body](const ReceivedRequest&) { return ok(body); });
  for (
      const char* const hostile :
      {"", "[]", "{", "{}", R"({"kind":"storage#buckets"})", "null", "<html></html>",
       R"({"kind":"storage#objects","items":{}})", R"({"kind":"storage#objects","items":[1]})",
       R"({"kind":"storage#objects","items":[{}]})",
       R"({"kind":"storage#objects","nextPageToken":1})",
       R"({"kind":"storage#objects","nextPageToken":"a","nextPageToken":"b"})",
       R"({"kind":"storage#objects","items":[{"name":"elsewhere/a","size":"1","generation":"1","updated":"2026-04-28T09:47:27Z"}]})",
       R"({"kind":"storage#objects","items":[{"name":"pre/a","size":"-1","generation":"1","updated":"2026-04-28T09:47:27Z"}]})",
       R"({"kind":"storage#objects","items":[{"name":"pre/a","size":"99999999999999999999","generation":"1","updated":"2026-04-28T09:47:27Z"}]})",
       R"({"kind":"storage#objects","items":[{"name":"pre/a","size":1,"generation":"1","updated":"2026-04-28T09:47:27Z"}]})",
       R"({"kind":"storage#objects","items":[{"name":"pre/a","size":"1","generation":"x","updated":"2026-04-28T09:47:27Z"}]})",
       R"({"kind":"storage#objects","items":[{"name":"pre/a","size":"1","generation":"1","updated":"yesterday"}]})"}) {
    body = hostile;
    EXPECT_EQ(outcome(run_task(store_->list(""))), "unavailable") << hostile;
  }
  for (const char* const hostile :
       {"", "{}", "[]", R"({"size":"1"})", R"({"size":"1","generation":"1"})",
        R"({"size":"1","generation":"1","updated":"9999-99-99T00:00:00Z"})"}) {
    body = hostile;
    EXPECT_EQ(outcome(run_task(store_->stat("a"))), "unavailable") << hostile;
    EXPECT_EQ(outcome(run_task(store_->put("a", "x", PutCondition::create_only))), "unavailable")
        << hostile;
  }
}

TEST_F(GoogleProtocolTest, refuses_bytes_that_come_without_what_describes_them) {
  std::string headers;
  serve([&headers](const ReceivedRequest&) { return ok("123456789", headers); });
  const std::string date = "Last-Modified: Tue, 28 Apr 2026 09:47:27 GMT\r\n";
  for (const std::string& lacking :
       {std::string(), date, std::string("x-goog-generation: 1\r\n"),
        date + "x-goog-generation: one\r\n",
        date + "x-goog-generation: 1\r\nx-goog-stored-content-length: 99999999999999999999\r\n",
        date + "x-goog-generation: 1\r\nx-goog-stored-content-length: 8\r\n"}) {
    headers = lacking;
    EXPECT_EQ(outcome(run_task(store_->get("a", 100))), "unavailable") << lacking;
  }
}

/// What the service answers, and what becomes of it.
struct Refusal {
  std::string answer;
  std::string reading;
  std::string listing;
  std::string putting;
};

TEST_F(GoogleProtocolTest, tells_absent_from_denied_from_throttled_from_broken) {
  std::string answer;
  serve([&answer](const ReceivedRequest&) { return answer; });
  const Refusal refusals[] = {
      {refused("404 Not Found", "notFound", "No such object: charts/pre/a"), "absent", "denied",
       "denied"},
      {status("404 Not Found", "No such object: charts/pre/a", "Content-Type: text/html\r\n"),
       "absent", "denied", "denied"},
      {refused("404 Not Found", "notFound", "The specified bucket does not exist."), "denied",
       "denied", "denied"},
      {status("404 Not Found", "The specified bucket does not exist."), "denied", "denied",
       "denied"},
      {status("404 Not Found", "<!DOCTYPE html><html>nginx</html>"), "unavailable", "denied",
       "denied"},
      {status("404 Not Found"), "unavailable", "denied", "denied"},
      {refused("401 Unauthorized", "authError", "Invalid Credentials"), "denied", "denied",
       "denied"},
      {refused("403 Forbidden", "forbidden", "x does not have storage.objects.get access"),
       "denied", "denied", "denied"},
      {status("403 Forbidden", "x does not have storage.objects.get access"), "denied", "denied",
       "denied"},
      {refused("403 Forbidden", "userRateLimitExceeded", "slow down"), "throttled", "throttled",
       "throttled"},
      {refused("403 Forbidden", "rateLimitExceeded", "slow down"), "throttled", "throttled",
       "throttled"},
      {refused("429 Too Many Requests", "rateLimitExceeded", "slow down"), "throttled", "throttled",
       "throttled"},
      {refused("412 Precondition Failed", "conditionNotMet", "At least one"), "conflict",
       "conflict", "conflict"},
      {refused("400 Bad Request", "invalid", "Invalid"), "invalid", "invalid", "invalid"},
      {status("500 Internal Server Error"), "unavailable", "unavailable", "unavailable"},
      {status("503 Service Unavailable"), "unavailable", "unavailable", "unavailable"},
      {status("302 Found", "", "Location: http://127.0.0.1/\r\n"), "unavailable", "unavailable",
       "unavailable"},
  };
  for (const Refusal& refusal : refusals) {
    answer = refusal.answer;
    EXPECT_EQ(outcome(run_task(store_->get("a", 100))), refusal.reading) << answer;
    EXPECT_EQ(outcome(run_task(store_->stat("a"))), refusal.reading) << answer;
    EXPECT_EQ(outcome(run_task(store_->open("a"))), refusal.reading) << answer;
    EXPECT_EQ(outcome(run_task(store_->list(""))), refusal.listing) << answer;
    EXPECT_EQ(outcome(run_task(store_->put("a", "x", PutCondition::overwrite))), refusal.putting)
        << answer;
  }
}

TEST_F(GoogleProtocolTest, says_what_to_check) {
  std::string answer = status("404 Not Found", "The specified bucket does not exist.");
  serve([&answer](const ReceivedRequest&) { return answer; });
  EXPECT_THAT(run_task(store_->list("")).error().detail,
              testing::AllOf(HasSubstr("\"charts\""), HasSubstr("--storage-google-bucket")));
  answer = refused("403 Forbidden", "forbidden",
                   "me@x.iam.gserviceaccount.com does not have storage.objects.list access\\n" +
                       std::string(500, 's'));
  const std::string detail = run_task(store_->list("")).error().detail;
  EXPECT_THAT(detail, HasSubstr("me@x.iam.gserviceaccount.com does not have"));
  EXPECT_THAT(detail, HasSubstr("roles/storage.objectUser"));
  EXPECT_THAT(detail, Not(HasSubstr("sssss")));
  EXPECT_THAT(detail, Not(HasSubstr("\n")));
}

TEST_F(GoogleProtocolTest, removes_an_object) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("DELETE") ? status("204 No Content") : ok(resource("pre/a", 1));
  });
  const auto removed = run_task(store_->remove("a"));
  ASSERT_TRUE(removed) << removed.error().detail;
  EXPECT_TRUE(*removed);
  EXPECT_EQ(lines().back(), "DELETE /storage/v1/b/charts/o/pre%2Fa");
}

TEST_F(GoogleProtocolTest, has_no_download_url_without_a_key) {
  serve([](const ReceivedRequest&) { return ok(""); });
  const auto url = run_task(store_->download_url("a", std::chrono::minutes(5)));
  ASSERT_TRUE(url);
  EXPECT_FALSE(*url);
}

TEST_F(GoogleProtocolTest, refuses_names_that_the_service_cannot_hold) {
  serve([](const ReceivedRequest&) { return ok(""); });
  std::string deep;
  for (int i = 0; i < 5; ++i) deep += std::string(250, 'd') + "/";
  for (const std::string& key :
       {std::string("\xff\xfe"), std::string("a\nb"), std::string("a\rb"), deep + "a"}) {
    EXPECT_EQ(outcome(run_task(store_->put(key, "x", PutCondition::create_only))), "invalid");
  }
  EXPECT_TRUE(requests().empty());
}

}  // namespace
}  // namespace chartmuseum::storage::google
