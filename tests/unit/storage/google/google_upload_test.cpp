// SPDX-License-Identifier: Apache-2.0
#include "storage/google/crc32c.hpp"
#include "unit/storage/google/google_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::google {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using GoogleUploadTest = GoogleStoreTest;

TEST_F(GoogleUploadTest, sends_bytes_and_resource_in_one_request) {
  serve([](const ReceivedRequest&) { return ok(resource("pre/a+b.tgz", 5)); });
  const auto info = run_task(store_->put("a+b.tgz", "bytes", PutCondition::create_only));
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_EQ(info->name, "a+b.tgz");
  EXPECT_EQ(info->etag, "1777369647609324");
  ASSERT_EQ(requests().size(), 1U);
  const ReceivedRequest request = requests()[0];
  EXPECT_THAT(request.line, StartsWith("POST /upload/storage/v1/b/charts/o?uploadType=multipart&"
                                       "name=pre%2Fa%2Bb.tgz&"));
  EXPECT_THAT(request.line, HasSubstr("&ifGenerationMatch=0"));
  const std::string type = request.header("content-type");
  ASSERT_THAT(type, StartsWith("multipart/related; boundary="));
  const std::string boundary = "--" + type.substr(type.find('=') + 1);
  EXPECT_THAT(request.body,
              StartsWith(boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{"));
  EXPECT_THAT(request.body, HasSubstr(R"("contentType":"application/x-tar")"));
  EXPECT_THAT(request.body, HasSubstr(R"("crc32c":")" + crc32c_text(std::string("bytes")) + "\""));
  EXPECT_THAT(request.body, HasSubstr(R"("chartmuseum-upload":")"));
  EXPECT_THAT(
      request.body,
      testing::EndsWith("\r\n" + boundary + "\r\nContent-Type: application/x-tar\r\n\r\nbytes\r\n" +
                        boundary + "--\r\n"));
}

TEST_F(GoogleUploadTest, overwrites_without_a_condition) {
  serve([](const ReceivedRequest&) { return ok(resource("pre/a", 5)); });
  EXPECT_TRUE(run_task(store_->put("a", "bytes", PutCondition::overwrite)));
  EXPECT_THAT(lines()[0], Not(HasSubstr("ifGenerationMatch")));
}

/// The id that an upload carried.
std::string upload_in(const std::string& body) {
  const std::string name = R"("chartmuseum-upload":")";
  const std::size_t begin = body.find(name) + name.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

TEST_F(GoogleUploadTest, knows_its_own_object_when_the_answer_was_lost) {
  std::string stored;
  serve_connections([&](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      note(*request);
      if (request->line.starts_with("GET")) {
        connection.send(
            ok(resource("pre/a", 5, R"(,"metadata":{"chartmuseum-upload":")" + stored + "\"}")));
      } else if (stored.empty()) {
        stored = upload_in(request->body);
        connection.reset();
        return;
      } else {
        connection.send(refused("412 Precondition Failed", "conditionNotMet", "exists"));
      }
    }
  });
  const auto info = run_task(store_->put("a", "bytes", PutCondition::create_only));
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_EQ(info->etag, "1777369647609324");
}

TEST_F(GoogleUploadTest, leaves_an_object_of_somebody_else) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("GET")
               ? ok(resource("pre/a", 5, R"(,"metadata":{"chartmuseum-upload":"other"})"))
               : refused("412 Precondition Failed", "conditionNotMet", "exists");
  });
  EXPECT_EQ(outcome(run_task(store_->put("a", "bytes", PutCondition::create_only))), "conflict");
}

/// The service's side of a resumable upload, which keeps `taken` bytes of the first attempt.
class ResumableUploadTest : public GoogleStoreTest {
 protected:
  ResumableUploadTest() { largest_single_ = 10; }

  static constexpr const char* kPath = "/upload/storage/v1/b/charts/o?uploadType=resumable&id=7";

  static std::string session() {
    // Another host: credentials must not follow.
    // A connection that breaks on its first request is not repeated by libcurl.
    return ok("", "Connection: close\r\nLocation: https://elsewhere.example" + std::string(kPath) +
                      "\r\n");
  }

  const std::string content_ = "0123456789abcdefghijklmnopqrstuvwxyz";
};

TEST_F(ResumableUploadTest, sends_all_in_one_piece_where_nothing_breaks) {
  serve([this](const ReceivedRequest& request) {
    return request.line.starts_with("POST") ? session() : ok(resource("pre/a", content_.size()));
  });
  const auto info = run_task(store_->put("a", content_, PutCondition::create_only));
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_THAT(lines()[0], HasSubstr("uploadType=resumable&name=pre%2Fa&"));
  EXPECT_THAT(lines()[0], HasSubstr("&ifGenerationMatch=0"));
  EXPECT_EQ(requests()[0].header("x-upload-content-length"), "36");
  EXPECT_THAT(requests()[0].body, HasSubstr(R"("chartmuseum-sha256":")"));
  EXPECT_EQ(lines()[1], "PUT " + std::string(kPath));
  EXPECT_EQ(requests()[1].body, content_);
  EXPECT_EQ(requests()[1].header("content-range"), "(none)");
}

TEST_F(ResumableUploadTest, sends_the_rest_after_a_break) {
  int puts = 0;
  serve_connections([&](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      note(*request);
      if (request->line.starts_with("POST")) {
        connection.send(session());
        return;
      } else if (++puts == 1) {
        connection.reset();
        return;
      } else if (puts == 2) {
        connection.send(status("308 Resume Incomplete", "", "Range: bytes=0-9\r\n"));
      } else {
        connection.send(ok(resource("pre/a", content_.size())));
      }
    }
  });
  const auto info = run_task(store_->put("a", content_, PutCondition::create_only));
  ASSERT_TRUE(info) << info.error().detail;
  ASSERT_EQ(requests().size(), 4U);
  EXPECT_EQ(requests()[2].header("content-range"), "bytes */36");
  EXPECT_EQ(requests()[2].body, "");
  EXPECT_EQ(requests()[3].header("content-range"), "bytes 10-35/36");
  EXPECT_EQ(requests()[3].body, content_.substr(10));
}

TEST_F(ResumableUploadTest, begins_anew_in_the_session_where_nothing_arrived) {
  int puts = 0;
  serve([&](const ReceivedRequest& request) {
    if (request.line.starts_with("POST")) return session();
    if (++puts == 1) return status("503 Service Unavailable");
    if (puts == 2) return status("308 Resume Incomplete");
    return ok(resource("pre/a", content_.size()));
  });
  EXPECT_TRUE(run_task(store_->put("a", content_, PutCondition::create_only)));
  EXPECT_EQ(requests().back().body, content_);
}

TEST_F(ResumableUploadTest, learns_that_all_had_arrived) {
  int puts = 0;
  serve([&](const ReceivedRequest& request) {
    if (request.line.starts_with("POST")) return session();
    return ++puts == 1 ? status("500 Internal Server Error") : ok(resource("pre/a", 36));
  });
  const auto info = run_task(store_->put("a", content_, PutCondition::create_only));
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_EQ(requests().size(), 3U);
}

TEST_F(ResumableUploadTest, ends_a_session_that_it_gives_up) {
  serve([](const ReceivedRequest& request) {
    if (request.line.starts_with("POST")) return session();
    if (request.line.starts_with("DELETE")) return status("499 Client Closed Request");
    return status("503 Service Unavailable");
  });
  EXPECT_EQ(outcome(run_task(store_->put("a", content_, PutCondition::create_only))),
            "unavailable");
  EXPECT_EQ(lines().back(), "DELETE " + std::string(kPath));
  EXPECT_EQ(requests().size(), 7U);  // the session, five attempts, its end
}

TEST_F(ResumableUploadTest, refuses_ranges_that_cannot_be) {
  std::string range;
  serve([&range](const ReceivedRequest& request) {
    if (request.line.starts_with("POST")) return session();
    if (request.line.starts_with("DELETE")) return status("499 Client Closed Request");
    return status("308 Resume Incomplete", "", "Range: " + range + "\r\n");
  });
  for (const char* const hostile :
       {"bytes=0-36", "bytes=5-9", "bytes=0-", "bytes=0--1", "0-9", "bytes=0-99999999999999999999",
        "bytes=0-18446744073709551615"}) {
    range = hostile;
    EXPECT_EQ(outcome(run_task(store_->put("a", content_, PutCondition::create_only))),
              "unavailable")
        << hostile;
  }
}

TEST_F(ResumableUploadTest, is_a_conflict_when_somebody_else_was_first) {
  serve([](const ReceivedRequest& request) {
    if (request.line.starts_with("POST")) return session();
    if (request.line.starts_with("GET")) return ok(resource("pre/a", 1));
    return refused("412 Precondition Failed", "conditionNotMet", "exists");
  });
  EXPECT_EQ(outcome(run_task(store_->put("a", content_, PutCondition::create_only))), "conflict");
}

TEST_F(ResumableUploadTest, fails_where_the_session_is_unusable) {
  std::string answer;
  serve([&answer](const ReceivedRequest& request) {
    if (request.line.starts_with("DELETE")) return status("499 Client Closed Request");
    return answer;
  });
  for (const std::string& hostile : {ok(""), ok("", "Location: nowhere\r\n"),
                                     ok("", "Location: http://x\r\n"), status("410 Gone")}) {
    answer = hostile;
    EXPECT_EQ(outcome(run_task(store_->put("a", content_, PutCondition::create_only))),
              "unavailable")
        << hostile;
  }
}

}  // namespace
}  // namespace chartmuseum::storage::google
