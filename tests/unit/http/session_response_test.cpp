// SPDX-License-Identifier: Apache-2.0
// Bodies of responses, ranges and conditions.
#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string request(const std::string& method, const std::string& path,
                    const std::string& fields = "") {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

class SessionResponse : public testing::Test {
 protected:
  std::optional<RawResponse> get(const std::string& path, const std::string& fields = "") {
    return client_.exchange(request("GET", path, fields));
  }

  TestServer server_;
  RawClient client_ = server_.connect();
};

TEST_F(SessionResponse, sends_ropes_of_a_hundred_thousand_pieces) {
  const auto response = get("/rope/100000");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body.size(), 700'000U);
  EXPECT_EQ(response->body.substr(699'993), "7 bytes");
  EXPECT_EQ(get("/text")->body, "hello");
}

TEST_F(SessionResponse, sends_files) {
  for (int i = 0; i < 3; ++i) {
    const auto response = get("/file");
    EXPECT_EQ(response->body, std::string(300'000, 'f'));
  }
}

TEST_F(SessionResponse, sends_large_bodies_to_a_client_with_a_small_window) {
  RawClient client(server_.port(), 4096);
  for (const char* path : {"/rope/1000000", "/file", "/text/5000000"}) {
    const auto response = client.exchange(request("GET", path));
    ASSERT_TRUE(response);
    EXPECT_EQ(std::to_string(response->body.size()), response->header("Content-Length"));
  }
}

TEST_F(SessionResponse, sends_streams_in_chunks) {
  const auto response = get("/stream");
  EXPECT_EQ(response->header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(response->header("Content-Length"), "(none)");
  EXPECT_EQ(response->body, "one,two,three");
  EXPECT_EQ(get("/stream")->body, "one,two,three");
}

TEST_F(SessionResponse, ends_streams_by_closing_for_http10) {
  client_.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto response = client_.response();
  EXPECT_EQ(response->header("Transfer-Encoding"), "(none)");
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_EQ(response->body, "one,two,three");
}

TEST_F(SessionResponse, sends_streams_of_known_length_without_chunks) {
  const auto response = get("/stream/sized");
  EXPECT_EQ(response->header("Transfer-Encoding"), "(none)");
  EXPECT_EQ(response->body, "one,two");
}

TEST_F(SessionResponse, cuts_a_stream_that_breaks) {
  client_.send(request("GET", "/stream/broken"));
  EXPECT_FALSE(client_.response());
}

TEST_F(SessionResponse, tells_when_a_stream_breaks_before_it_begins) {
  EXPECT_EQ(get("/stream/dead")->status, 502U);
  EXPECT_EQ(get("/text")->status, 200U);
}

TEST_F(SessionResponse, to_head_has_the_headers_of_get_and_no_body) {
  for (const std::string path :
       {"/text", "/rope/10", "/file", "/stream", "/stream/sized", "/nothing"}) {
    const auto expected = get(path);
    client_.send(request("HEAD", path));
    const auto head = client_.response(true);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, expected->status) << path;
    for (const char* name : {"Content-Length", "Content-Type", "ETag", "Transfer-Encoding"}) {
      EXPECT_EQ(head->header(name), expected->header(name)) << path << ' ' << name;
    }
  }
  EXPECT_EQ(get("/text")->body, "hello");
}

TEST_F(SessionResponse, sends_parts) {
  const auto part = get("/file", "Range: bytes=10-12\r\n");
  EXPECT_EQ(part->status, 206U);
  EXPECT_EQ(part->header("Content-Range"), "bytes 10-12/300000");
  EXPECT_EQ(part->body, "fff");
  EXPECT_EQ(get("/rope/3", "Range: bytes=5-9\r\n")->body, "es7 b");
  EXPECT_EQ(get("/text", "Range: bytes=-2\r\n")->body, "lo");
}

TEST_F(SessionResponse, sends_the_whole_where_several_parts_are_wanted) {
  const auto response = get("/text", "Range: bytes=0-0,2-2\r\n");
  EXPECT_EQ(response->status, 200U);
  EXPECT_EQ(response->body, "hello");
}

TEST_F(SessionResponse, refuses_parts_beyond_the_end) {
  const auto response = get("/text", "Range: bytes=5-\r\n");
  EXPECT_EQ(response->status, 416U);
  EXPECT_EQ(response->header("Content-Range"), "bytes */5");
  EXPECT_THAT(response->body, HasSubstr("error"));
}

TEST_F(SessionResponse, sends_the_whole_where_if_range_does_not_fit) {
  EXPECT_EQ(get("/text", "Range: bytes=0-0\r\nIf-Range: \"v1\"\r\n")->status, 206U);
  EXPECT_EQ(get("/text", "Range: bytes=0-0\r\nIf-Range: \"v0\"\r\n")->status, 200U);
}

TEST_F(SessionResponse, sends_nothing_that_the_client_has) {
  const auto response = get("/text", "If-None-Match: W/\"v1\"\r\n");
  EXPECT_EQ(response->status, 304U);
  EXPECT_EQ(response->header("ETag"), "\"v1\"");
  EXPECT_EQ(get("/text", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n")->status, 304U);
  EXPECT_EQ(get("/text",
                "If-None-Match: \"v0\"\r\n"
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
                ->body,
            "hello");
}

}  // namespace
}  // namespace chartmuseum::http::test
