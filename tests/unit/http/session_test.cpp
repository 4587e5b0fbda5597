// SPDX-License-Identifier: Apache-2.0
// How requests follow each other on a connection, and what the HTTP layer answers itself.
#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

std::string get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

class Session : public testing::Test {
 protected:
  TestServer server_;
  RawClient client_ = server_.connect();
};

TEST_F(Session, answers_many_requests_on_one_connection) {
  for (int i = 0; i < 100; ++i) {
    const auto response = client_.exchange(kGet);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200U);
    EXPECT_EQ(response->body, "hello");
    EXPECT_EQ(response->header("Connection"), "(none)");
  }
}

TEST_F(Session, answers_pipelined_requests_in_order) {
  std::string requests;
  for (int i = 1; i <= 200; ++i) requests += get("/text/" + std::to_string(i));
  client_.send(requests);
  for (std::size_t i = 1; i <= 200; ++i) {
    const auto response = client_.response();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body.size(), i);
  }
}

TEST_F(Session, answers_pipelined_requests_with_bodies) {
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n";
  client_.send(post + "abc" + chunked + "\r\n" + kGet);
  EXPECT_EQ(client_.response()->body, "abc");
  EXPECT_EQ(client_.response()->body, "de");
  EXPECT_EQ(client_.response()->body, "hello");
}

TEST_F(Session, takes_requests_that_arrive_byte_by_byte) {
  for (const char c : get("/text", "X-Y: z\r\n")) client_.send(std::string_view(&c, 1));
  EXPECT_EQ(client_.response()->body, "hello");
}

TEST_F(Session, closes_when_the_client_asks_for_it) {
  const auto response = client_.exchange(get("/text", "Connection: close\r\n"));
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_TRUE(client_.closed_within(10s));
}

TEST_F(Session, closes_after_http10_unless_it_asks_for_more) {
  const auto kept = client_.exchange("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept->header("Connection"), "keep-alive");
  const auto last = client_.exchange("GET /text HTTP/1.0\r\n\r\n");
  EXPECT_EQ(last->body, "hello");
  EXPECT_EQ(last->header("Connection"), "close");
  EXPECT_TRUE(client_.closed_within(10s));
}

TEST_F(Session, answers_a_client_that_has_closed_its_half) {
  client_.send(get("/rope/100000") + kGet);
  client_.half_close();
  EXPECT_EQ(client_.response()->body.size(), 700'000U);
  EXPECT_EQ(client_.response()->body, "hello");
  EXPECT_TRUE(client_.closed_within(10s));
}

TEST_F(Session, skips_empty_lines_before_a_request) {
  EXPECT_EQ(client_.exchange("\r\n\r\n" + kGet)->status, 200U);
}

TEST_F(Session, takes_absolute_targets) {
  EXPECT_EQ(client_.exchange("GET http://x/text HTTP/1.1\r\nHost: x\r\n\r\n")->body, "hello");
}

TEST_F(Session, answers_questions_about_the_server) {
  const auto response = client_.exchange("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(response->status, 204U);
  EXPECT_THAT(response->header("Allow"), HasSubstr("GET"));
  EXPECT_EQ(client_.exchange(kGet)->status, 200U);
}

TEST_F(Session, hands_unknown_methods_to_the_handler) {
  EXPECT_EQ(client_.exchange("BREW /nothing HTTP/1.1\r\nHost: x\r\n\r\n")->status, 404U);
}

TEST_F(Session, answers_garbage_with_json_and_closes) {
  const auto response = client_.exchange("<script>alert(1)</script>\r\n\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 400U);
  EXPECT_EQ(response->header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response->body, R"({"error":"malformed request line"})");
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_THAT(response->header("X-Request-Id"), MatchesRegex("[0-9a-f-]{36}"));
  client_.half_close();
  EXPECT_TRUE(client_.closed_within(10s));
}

TEST_F(Session, answers_garbage_after_head_with_a_body) {
  client_.send("HEAD /text HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n");
  EXPECT_EQ(client_.response(true)->status, 200U);
  EXPECT_EQ(client_.response()->body, R"({"error":"malformed request line"})");
}

TEST_F(Session, keeps_the_connection_after_a_bad_path) {
  EXPECT_EQ(client_.exchange(get("/../etc/passwd"))->status, 400U);
  EXPECT_EQ(client_.exchange(get("/a%2fb"))->body, R"({"error":"invalid path"})");
  EXPECT_EQ(client_.exchange(kGet)->status, 200U);
}

TEST_F(Session, does_not_take_the_body_of_a_refused_request_for_a_request) {
  client_.send("POST /../a HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kGet.size()) +
               "\r\n\r\n" + kGet + get("/text/3"));
  EXPECT_EQ(client_.response()->status, 400U);
  EXPECT_EQ(client_.response()->body, "xxx");
}

TEST_F(Session, refuses_a_header_flood_with_431) {
  std::string flood = "GET / HTTP/1.1\r\nHost: x\r\n";
  while (flood.size() < 1U << 20) flood += "X-Flood: " + std::string(100, 'x') + "\r\n";
  client_.send(flood);
  EXPECT_EQ(client_.response()->status, 431U);
}

TEST_F(Session, refuses_a_long_target_with_414) {
  client_.send("GET /" + std::string(1U << 20, 'x'));
  EXPECT_EQ(client_.response()->status, 414U);
}

TEST_F(Session, hands_back_the_clients_request_id) {
  EXPECT_EQ(client_.exchange(get("/text", "X-Request-Id: my id.1\r\n"))->header("X-Request-Id"),
            "my id.1");
}

TEST_F(Session, makes_an_id_where_the_clients_is_not_sane) {
  for (const std::string& id : {std::string(), std::string(129, 'x'), std::string("\xc3\xa4")}) {
    const auto response = client_.exchange(get("/text", "X-Request-Id: " + id + "\r\n"));
    EXPECT_THAT(response->header("X-Request-Id"),
                MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}"));
  }
}

TEST_F(Session, answers_an_exception_with_500_and_goes_on) {
  const auto response = client_.exchange(get("/throw"));
  EXPECT_EQ(response->status, 500U);
  EXPECT_EQ(response->body, R"({"error":"internal server error"})");
  EXPECT_EQ(client_.exchange(kGet)->status, 200U);
}

TEST(SessionLog, has_a_line_for_every_response) {
  LogLines lines;
  TestServer server(quiet_settings(), lines.log());
  RawClient client = server.connect();
  EXPECT_TRUE(client.exchange(get("/text", "X-Request-Id: id1\r\n")));
  EXPECT_THAT(lines.waited_for("[1] Request served"), HasSubstr(R"("path": "/text")"));
  EXPECT_TRUE(client.exchange(get("/throw")));
  EXPECT_THAT(lines.waited_for("[2] Request served"),
              HasSubstr(R"("comment": "the handler broke")"));
  EXPECT_TRUE(client.exchange(get("/..")));
  EXPECT_THAT(lines.waited_for("[3] Request served"), HasSubstr(R"("statusCode": 400)"));
  EXPECT_TRUE(client.exchange("nonsense\r\n\r\n"));
  EXPECT_THAT(lines.waited_for("[4] Request served"), HasSubstr(R"("statusCode": 400)"));
}

TEST(SessionLog, has_none_where_the_handler_says_so) {
  LogLines lines;
  TestServer server(quiet_settings(), lines.log());
  RawClient client = server.connect();
  EXPECT_TRUE(client.exchange(get("/silent")));
  EXPECT_TRUE(client.exchange(get("/text")));
  EXPECT_THAT(lines.waited_for("/text"), HasSubstr("[2]"));
  EXPECT_EQ(lines.lines().size(), 1U);
}

TEST(SessionLog, has_integers_for_latencies_on_demand) {
  LogLines lines;
  ServerSettings settings = quiet_settings();
  settings.log_latency_integer = true;
  TestServer server(settings, lines.log());
  RawClient client = server.connect();
  EXPECT_TRUE(client.exchange(get("/text")));
  EXPECT_THAT(lines.waited_for("/text"), testing::ContainsRegex("\"latency\": [0-9]+,"));
}

}  // namespace
}  // namespace chartmuseum::http::test
