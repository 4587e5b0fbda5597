// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

#include <netinet/in.h>
#include <set>
#include <sys/socket.h>
#include <thread>

namespace chartmuseum::http::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kWait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(Server, says_what_stands_in_the_way_of_listening) {
  TestServer first;
  ServerSettings settings = quiet_settings();
  settings.port = first.port();
  Server second(settings, nullptr, telemetry::Log::discarding());
  const auto port = second.start();
  ASSERT_FALSE(port);
  EXPECT_THAT(port.error(), HasSubstr("Address already in use"));
  EXPECT_THAT(port.error(), HasSubstr(std::to_string(first.port())));

  settings.host = "203.0.113.1";
  Server elsewhere(settings, nullptr, telemetry::Log::discarding());
  EXPECT_FALSE(elsewhere.start());
}

TEST(Server, listens_on_every_address_of_both_families_without_a_host) {
  ServerSettings settings = quiet_settings();
  settings.host = "";
  TestServer server(settings);
  EXPECT_EQ(server.connect().exchange(kGet)->status, 200U);

  const FileDescriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  if (!socket ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    GTEST_SKIP() << "no IPv6 on this machine";
  }
  address.sin6_port = htons(server.port());
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);

  settings.port = server.port();
  Server second(settings, nullptr, telemetry::Log::discarding());
  EXPECT_FALSE(second.start());
}

TEST(Server, can_listen_again_right_after_it_stopped) {
  ServerSettings settings = quiet_settings();
  for (int i = 0; i < 3; ++i) {
    TestServer server(settings);
    RawClient client = server.connect();
    EXPECT_EQ(client.exchange(kGet)->status, 200U);
    settings.port = server.port();
    server.server().stop(1s);
  }
}

TEST(Server, serves_from_several_threads) {
  ServerSettings settings = quiet_settings();
  settings.threads = 4;
  TestServer server(settings);
  std::vector<std::jthread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      RawClient client = server.connect();
      for (int request = 0; request < 50; ++request) {
        const auto response = client.exchange(kGet);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, "hello");
      }
    });
  }
}

TEST(Server, numbers_requests_over_all_connections) {
  LogLines lines;
  ServerSettings settings = quiet_settings();
  settings.threads = 2;
  TestServer server(settings, lines.log());
  for (int i = 1; i <= 5; ++i) {
    RawClient client = server.connect();
    EXPECT_TRUE(client.exchange(kGet));
    EXPECT_NE(lines.waited_for('[' + std::to_string(i) + "] Request served"), "");
  }
}

TEST(Server, refuses_connections_above_the_limit) {
  ServerSettings settings = quiet_settings();
  settings.connections = 2;
  TestServer server(settings);
  std::optional<RawClient> first(server.connect());
  RawClient second = server.connect();
  EXPECT_EQ(first->exchange(kGet)->status, 200U);
  EXPECT_EQ(second.exchange(kGet)->status, 200U);

  RawClient third = server.connect();
  const auto refused = third.exchange(kGet);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503U);
  EXPECT_EQ(refused->body, R"({"error":"too many connections"})");
  EXPECT_EQ(refused->header("Retry-After"), "1");

  first.reset();
  unsigned status = 503;
  for (int i = 0; i < 1000 && status == 503; ++i) {
    std::this_thread::sleep_for(2ms);
    status = server.connect().exchange(kGet)->status;
  }
  EXPECT_EQ(status, 200U);
}

TEST(ServerStop, lets_requests_in_flight_end) {
  TestServer server;
  RawClient client = server.connect();
  client.send(kWait);
  server.await_waiting(1);
  std::jthread stopping([&] { server.server().stop(10s); });
  std::this_thread::sleep_for(50ms);
  EXPECT_THROW(server.connect(), std::exception);  // accepts no more
  server.release();
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204U);
  EXPECT_EQ(response->header("Connection"), "close");
}

TEST(ServerStop, lets_a_body_that_is_being_sent_arrive) {
  TestServer server;
  RawClient client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
  RawClient other = server.connect();
  EXPECT_TRUE(other.exchange(kGet));  // by now the server is reading the body
  std::jthread stopping([&] { server.server().stop(10s); });
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(client.exchange("def")->body, "abcdef");
}

TEST(ServerStop, closes_idle_connections_at_once) {
  TestServer server;
  RawClient silent = server.connect();
  RawClient client = server.connect();
  EXPECT_TRUE(client.exchange(kGet));
  server.server().stop(60s);
  EXPECT_TRUE(client.closed_within(10s));
  EXPECT_TRUE(silent.closed_within(10s));
}

TEST(ServerStop, waits_only_shortly_for_a_head_that_has_begun) {
  TestServer server;
  RawClient client = server.connect();
  client.send("GET / HT");
  RawClient other = server.connect();
  EXPECT_TRUE(other.exchange(kGet));  // by now the server has read the first bytes
  const auto begun = std::chrono::steady_clock::now();
  server.server().stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  EXPECT_EQ(client.response()->status, 408U);
}

TEST(ServerStop, waits_only_shortly_for_a_client_that_was_answered_and_goes_on_sending) {
  TestServer server;
  RawClient client = server.connect();
  client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.response()->status, 200U);  // from here on it lingers
  std::jthread dripping([&](std::stop_token stopped) {
    while (!stopped.stop_requested() && client.send("x")) std::this_thread::sleep_for(20ms);
  });
  const auto begun = std::chrono::steady_clock::now();
  server.server().stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
}

TEST(ServerStop, waits_for_a_body_whose_head_is_there) {
  TestServer server;
  RawClient client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
  RawClient other = server.connect();
  EXPECT_TRUE(other.exchange(kGet));
  std::jthread stopping([&] { server.server().stop(60s); });
  std::this_thread::sleep_for(1500ms);  // longer than a head is waited for
  EXPECT_EQ(client.exchange("def")->body, "abcdef");
}

TEST(ServerStop, cuts_what_does_not_end_within_the_grace) {
  TestServer server;
  RawClient waiting = server.connect();
  waiting.send(kWait);
  server.await_waiting(1);
  RawClient reading(server.port(), 4096);
  reading.send("GET /rope/2000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  RawClient sending = server.connect();
  sending.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
  server.server().stop(100ms);
  EXPECT_FALSE(waiting.response());
  EXPECT_FALSE(reading.response());
  EXPECT_FALSE(sending.response());
}

TEST(ServerStop, answers_everything_that_was_sent_before) {
  // Clients keep asking while the server stops: each gets whole answers, or none.
  ServerSettings settings = quiet_settings();
  settings.threads = 2;
  TestServer server(settings);
  std::atomic<int> answered = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      RawClient client = server.connect();
      while (client.send("GET /text/20000 HTTP/1.1\r\nHost: x\r\n\r\n")) {
        const auto response = client.response();
        if (!response) break;
        EXPECT_EQ(response->body.size(), 20'000U);
        ++answered;
      }
    });
  }
  while (answered < 100) std::this_thread::sleep_for(1ms);
  server.server().stop(10s);
}

}  // namespace
}  // namespace chartmuseum::http::test
