// SPDX-License-Identifier: Apache-2.0
#include "transport/client.hpp"
#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers

std::string long_text() {
  std::string text;
  for (int i = 0; text.size() < 20'000'000; ++i) text += std::to_string(i);
  return text;
}

/// Of opening or of reading: what is wrong with the body may be known before anybody reads it.
FailureKind failure_of(const Result<StreamedResponse>& response) {
  return response ? run_task(read_all(*response->body)).error().kind : response.error().kind;
}

TEST(ResponseStream, brings_a_large_body_in_pieces) {
  const std::string text = long_text();
  FaultyServer server(answering([&](const ReceivedRequest&) { return ok(text, "ETag: a\r\n"); }));
  Client client;
  auto response = run_task(client.open(get(server.url()))).value();
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.headers.get("etag"), "a");
  EXPECT_TRUE(run_task(read_all(*response.body)).value() == text);
}

TEST(ResponseStream, holds_no_more_than_its_window_ready) {
  const std::string text = long_text();
  FaultyServer server(answering([&](const ReceivedRequest&) { return ok(text); }));
  ClientSettings settings;
  settings.stream_window = 100'000;
  Client client(settings);
  auto response = run_task(client.open(get(server.url()))).value();
  std::size_t largest = 0;
  std::size_t total = 0;
  for (;;) {
    const auto piece = run_task(response.body->next()).value();
    if (piece.empty()) break;
    largest = std::max(largest, piece.size());
    total += piece.size();
  }
  EXPECT_EQ(total, text.size());
  EXPECT_LE(largest, settings.stream_window);
}

TEST(ResponseStream, stops_the_server_while_nobody_takes_anything) {
  std::atomic<std::size_t> sent = 0;
  std::atomic<bool> whole = false;
  const std::size_t piece = 1024 * 1024;
  const std::size_t pieces = 64;
  FaultyServer server([&](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(piece * pieces) +
                    "\r\n\r\n");
    for (std::size_t i = 0; i < pieces; ++i) {
      if (!connection.send(std::string(piece, 'a'))) return;
      sent += piece;
    }
    whole = true;
  });
  Client client;
  {
    const auto response = run_task(client.open(get(server.url()))).value();
    // Other requests are not held up by it.
    FaultyServer other(answering([](const ReceivedRequest&) { return ok("other"); }));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome(client, get(other.url())), "200 other");
    EXPECT_FALSE(whole);
    EXPECT_LT(sent, piece * pieces / 2);  // what fits into the sockets' buffers
  }
  // Letting go of the stream ends the request: the server's script ends, or this test hangs.
}

TEST(ResponseStream, is_not_ended_by_the_deadline_of_its_head) {
  std::atomic<bool> go = false;
  FaultyServer server([&](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    go.wait(false);
    connection.send("cd");
  });
  Client client;
  Request request = get(server.url());
  request.timeouts.whole = std::chrono::milliseconds(2000);
  auto response = run_task(client.open(request)).value();
  // Another request outlives the first one's deadline.
  FaultyServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  Request late = get(silent.url());
  late.timeouts.whole = std::chrono::milliseconds(2500);
  EXPECT_EQ(outcome(client, late), "timed out");
  go = true;
  go.notify_all();
  EXPECT_EQ(run_task(read_all(*response.body)).value(), "abcd");
}

TEST(ResponseStream, is_not_stalled_while_its_consumer_is_what_it_waits_for) {
  const std::string text = long_text();
  FaultyServer server(answering([&](const ReceivedRequest&) { return ok(text); }));
  Client client;
  Request request = get(server.url());
  request.timeouts.stalled = std::chrono::seconds(1);
  auto response = run_task(client.open(request)).value();
  // Another request, which the same clock ends, lasts longer than that.
  FaultyServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  Request late = get(silent.url());
  late.timeouts.whole = std::chrono::milliseconds(3000);
  EXPECT_EQ(outcome(client, late), "timed out");
  EXPECT_TRUE(run_task(read_all(*response.body)).value() == text);
}

TEST(ResponseStream, may_be_empty) {
  FaultyServer server(answering([](const ReceivedRequest&) { return ok(""); }));
  Client client;
  const auto response = run_task(client.open(get(server.url()))).value();
  EXPECT_EQ(run_task(response.body->next()).value(), "");
  EXPECT_EQ(run_task(response.body->next()).value(), "");
}

TEST(ResponseStream, ends_with_a_failure_where_the_body_is_cut) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd");
  });
  Client client;
  EXPECT_EQ(failure_of(run_task(client.open(get(server.url())))), FailureKind::broken);
}

TEST(ResponseStream, ends_with_a_failure_where_the_body_is_larger_than_it_may_be) {
  FaultyServer server(answering([](const ReceivedRequest&) { return ok(std::string(5000, 'a')); }));
  Client client;
  Request request = get(server.url());
  request.response_limit = 4999;
  EXPECT_EQ(failure_of(run_task(client.open(request))), FailureKind::too_large);
}

TEST(ResponseStream, may_outlive_its_client) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd");
    connection.wait_for_end();
  });
  auto client = std::make_unique<Client>();
  const auto response = run_task(client->open(get(server.url()))).value();
  client.reset();
  EXPECT_EQ(run_task(read_all(*response.body)).error().kind, FailureKind::cancelled);
}

}  // namespace
}  // namespace chartmuseum::transport
