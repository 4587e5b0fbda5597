// SPDX-License-Identifier: Apache-2.0
// Bodies of requests.
#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& path, const std::string& fields, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

std::string sized(const std::string& path, const std::string& body,
                  const std::string& fields = "") {
  return post(path, fields + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string chunked(const std::string& path, const std::string& body) {
  return post(path, "Transfer-Encoding: chunked\r\n", body);
}

class SessionBody : public testing::Test {
 protected:
  TestServer server_;
  RawClient client_ = server_.connect();
};

TEST_F(SessionBody, is_read_by_its_length) {
  for (const std::size_t size : {0U, 1U, 2048U, 65536U, 1U << 20}) {
    const std::string body(size, 'b');
    EXPECT_EQ(client_.exchange(sized("/echo", body))->body, body) << size;
  }
}

TEST_F(SessionBody, is_read_from_chunks) {
  std::string body;
  for (int i = 0; i < 1000; ++i) body += "5;x=y\r\n12345\r\n";
  const auto response = client_.exchange(chunked("/echo", body + "0\r\nTrailer: x\r\n\r\n"));
  EXPECT_EQ(response->body.size(), 5000U);
  EXPECT_EQ(client_.exchange(kGet)->status, 200U);
}

TEST_F(SessionBody, over_the_limit_is_refused_before_it_is_sent) {
  client_.send(post("/echo", "Content-Length: 1048577\r\n", ""));
  const auto response = client_.response();
  EXPECT_EQ(response->status, 413U);
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST_F(SessionBody, over_the_limit_is_refused_as_soon_as_its_chunks_are) {
  client_.send(chunked("/echo", ""));
  const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
  for (int i = 0; i < 17; ++i) client_.send(chunk);
  EXPECT_EQ(client_.response()->status, 413U);
}

TEST_F(SessionBody, that_is_endless_does_not_take_the_answer_away) {
  // A client that only reads once it has sent all of its 64 MB.
  client_.send(post("/echo", "Content-Length: 67108864\r\n", ""));
  const std::string piece(1U << 20, 'x');
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(client_.send(piece)) << i;
  const auto response = client_.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413U);
}

TEST_F(SessionBody, is_asked_for_when_the_handler_wants_it) {
  client_.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_EQ(client_.response()->status, 100U);
  EXPECT_EQ(client_.exchange("abc")->body, "abc");
  EXPECT_EQ(client_.exchange(kGet)->status, 200U);
}

TEST_F(SessionBody, is_not_asked_for_when_the_answer_is_known) {
  for (const char* path : {"/ignore", "/nothing"}) {
    RawClient client = server_.connect();
    client.send(post(path, "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
    const auto response = client.response();
    EXPECT_NE(response->status, 100U);
    EXPECT_EQ(response->header("Connection"), "close");
  }
  client_.send(post("/echo", "Expect: 100-Continue\r\nContent-Length: 99999999\r\n", ""));
  EXPECT_EQ(client_.response()->status, 413U);
}

TEST_F(SessionBody, is_not_asked_for_when_it_is_there) {
  EXPECT_EQ(client_.exchange(sized("/echo", "abc", "Expect: 100-continue\r\n"))->body, "abc");
}

TEST_F(SessionBody, with_another_expectation_is_refused) {
  EXPECT_EQ(client_.exchange(sized("/echo", "abc", "Expect: miracles\r\n"))->status, 417U);
}

TEST_F(SessionBody, that_nobody_reads_does_not_cost_the_connection_if_it_is_small) {
  EXPECT_EQ(client_.exchange(sized("/ignore", std::string(60'000, 'x')))->body, "ignored");
  EXPECT_EQ(client_.exchange(chunked("/ignore", "3\r\nabc\r\n0\r\n\r\n"))->body, "ignored");
  EXPECT_EQ(client_.exchange(kGet)->body, "hello");
}

TEST_F(SessionBody, that_is_read_in_part_is_never_taken_for_the_next_request) {
  // The handler holds what has arrived of the body when it answers; the rest comes after that.
  const std::string smuggled = "GET /ignore HTTP/1.1\r\nHost: x\r\n\r\n";
  EXPECT_EQ(client_.exchange(sized("/first", smuggled) + kGet)->body, smuggled);
  EXPECT_EQ(client_.response()->body, "hello");
  EXPECT_EQ(client_.exchange(chunked("/first", "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n") + kGet)->body,
            "abc");
  EXPECT_EQ(client_.response()->body, "hello");
  EXPECT_EQ(client_.exchange(kGet)->body, "hello");
}

TEST_F(SessionBody, that_nobody_reads_costs_the_connection_if_it_is_large) {
  client_.send(post("/ignore", "Content-Length: 10000000\r\n", ""));
  const auto response = client_.response();
  EXPECT_EQ(response->body, "ignored");
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST_F(SessionBody, that_ends_too_early_is_refused) {
  client_.send(post("/echo", "Content-Length: 10\r\n", "abc"));
  client_.half_close();
  EXPECT_EQ(client_.response()->status, 400U);
}

class ChunkedGarbage : public testing::TestWithParam<std::string> {};

TEST_P(ChunkedGarbage, is_refused_with_400) {
  TestServer server;
  RawClient client = server.connect();
  const auto response = client.exchange(chunked("/echo", GetParam()));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 400U);
  EXPECT_EQ(response->header("Connection"), "close");
}

INSTANTIATE_TEST_SUITE_P(SessionBody, ChunkedGarbage,
                         testing::Values("garbage\r\n", "-5\r\nhello\r\n", "5\r\nhello world\r\n",
                                         "fffffffffffffffff\r\n", "5\n\nhello\n\n\r\n",
                                         "0\r\nno trailer\r\n\r\n"));

TEST(RequestBody, tells_why_it_ended) {
  ServerSettings settings = quiet_settings();
  settings.read_timeout = 100ms;
  TestServer server(settings);
  RawClient client = server.connect();
  client.send(post("/echo", "Content-Length: 10\r\n", "abc"));
  EXPECT_EQ(client.response()->status, 408U);
}

}  // namespace
}  // namespace chartmuseum::http::test
