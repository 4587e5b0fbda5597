// SPDX-License-Identifier: Apache-2.0
// Clients that are slow. The server's timeouts are short here; the tests wait as long as needed.
#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

/// Sends a byte now and then until the server has answered; how many it took.
std::size_t drip(RawClient& client, const std::string& bytes, std::chrono::milliseconds pause) {
  std::size_t sent = 0;
  for (const char c : bytes) {
    if (!client.send(std::string_view(&c, 1))) break;
    ++sent;
    std::this_thread::sleep_for(pause);
  }
  return sent;
}

TEST(ReadTimeout, covers_the_whole_head_however_it_drips) {
  ServerSettings settings = quiet_settings();
  settings.read_timeout = 200ms;
  TestServer server(settings);
  RawClient client = server.connect();
  std::jthread dripping([&] { drip(client, "GET /" + std::string(300, 'x'), 10ms); });
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408U);
  EXPECT_EQ(response->header("Connection"), "close");
  EXPECT_EQ(response->body, R"({"error":"request timed out"})");
}

TEST(ReadTimeout, covers_the_whole_body_however_it_drips) {
  ServerSettings settings = quiet_settings();
  settings.read_timeout = 200ms;
  TestServer server(settings);
  RawClient client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  std::jthread dripping([&] { drip(client, std::string(300, 'x'), 10ms); });
  EXPECT_EQ(client.response()->status, 408U);
}

TEST(ReadTimeout, does_not_count_the_time_of_the_handler) {
  ServerSettings settings = quiet_settings();
  settings.read_timeout = 40ms;
  TestServer server(settings);
  RawClient client = server.connect();
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  server.await_waiting(1);
  std::this_thread::sleep_for(150ms);
  server.release();
  EXPECT_EQ(client.response()->status, 204U);
  EXPECT_EQ(client.exchange(kGet)->status, 200U);
}

TEST(ReadTimeout, of_zero_is_none) {
  ServerSettings settings = quiet_settings();
  settings.read_timeout = 0ms;
  settings.idle_timeout = 40ms;
  TestServer server(settings);
  RawClient client = server.connect();
  client.send("GET /text");
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(client.exchange(" HTTP/1.1\r\nHost: x\r\n\r\n")->status, 200U);
}

TEST(IdleTimeout, ends_a_connection_without_a_word) {
  ServerSettings settings = quiet_settings();
  settings.idle_timeout = 50ms;
  TestServer server(settings);
  RawClient silent = server.connect();
  EXPECT_TRUE(silent.closed_within(10s));
  RawClient client = server.connect();
  EXPECT_EQ(client.exchange(kGet)->status, 200U);
  EXPECT_TRUE(client.closed_within(10s));
}

TEST(LingerTimeout, ends_a_client_that_never_stops_sending) {
  ServerSettings settings = quiet_settings();
  settings.linger_timeout = 100ms;
  TestServer server(settings);
  RawClient client = server.connect();
  client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n");
  const std::string piece(1U << 16, 'x');
  while (client.send(piece)) {
  }
}

TEST(IdleTimeout, cannot_be_stretched_by_empty_lines) {
  ServerSettings settings = quiet_settings();
  settings.idle_timeout = 100ms;
  TestServer server(settings);
  RawClient client = server.connect();
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "\r\n";
  EXPECT_LT(drip(client, lines, 5ms), lines.size());
}

TEST(WriteTimeout, cuts_a_client_that_does_not_read) {
  LogLines lines;
  ServerSettings settings = quiet_settings();
  settings.write_timeout = 100ms;
  TestServer server(settings, lines.log());
  RawClient client(server.port(), 4096);
  client.send("GET /rope/2000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(lines.waited_for("Request served"), HasSubstr("write timeout"));
  EXPECT_FALSE(client.response());
}

TEST(WriteTimeout, cannot_be_stretched_by_reading_slowly) {
  LogLines lines;
  ServerSettings settings = quiet_settings();
  settings.write_timeout = 200ms;
  TestServer server(settings, lines.log());
  RawClient client(server.port(), 4096);
  client.send("GET /rope/4000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  std::size_t read = 0;
  for (std::string bytes = "x"; !bytes.empty(); std::this_thread::sleep_for(5ms)) {
    bytes = client.some(4096);
    read += bytes.size();
  }
  EXPECT_LT(read, 28'000'000U);
  EXPECT_THAT(lines.waited_for("Request served"), HasSubstr("write timeout"));
}

TEST(WriteTimeout, covers_files_too) {
  LogLines lines;
  ServerSettings settings = quiet_settings();
  settings.write_timeout = 100ms;
  TestServer server(settings, lines.log());
  RawClient client(server.port(), 4096);
  client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\nGET /file HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 50; ++i) client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(lines.waited_for("write timeout"), HasSubstr("/file"));
}

}  // namespace
}  // namespace chartmuseum::http::test
