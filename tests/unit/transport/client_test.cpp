// SPDX-License-Identifier: Apache-2.0
// What goes over the wire, and what comes back, where nothing goes wrong.
#include "transport/client.hpp"

#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <vector>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers

/// Answers with what it was sent: line, these headers, body.
FaultyServer::Script echoing(std::vector<std::string> headers = {}) {
  return answering([headers = std::move(headers)](const ReceivedRequest& request) {
    std::string text = request.line + "\n";
    for (const std::string& name : headers) text += name + "=" + request.header(name) + "\n";
    return ok(text + request.body);
  });
}

TEST(Client, gets_a_response_with_its_headers) {
  FaultyServer server(answering([](const ReceivedRequest&) {
    return ok("body", "ETag: \"1\"\r\nX-Empty:\r\nX-Twice: a\r\nX-Twice:  b \r\n");
  }));
  Client client;
  const auto response = send(client, get(server.url("/path?query"))).value();
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.headers.get("etag"), "\"1\"");
  EXPECT_EQ(response.headers.get("x-empty"), "");
  EXPECT_EQ(response.headers.get("x-twice"), "a");
  EXPECT_EQ(response.headers.all().back().value, "b");
}

TEST(Client, takes_every_status_for_a_response) {
  FaultyServer server(answering([](const ReceivedRequest& request) {
    const std::string status = request.line.substr(5, 3);
    return "HTTP/1.1 " + status + " Whatever\r\nContent-Length: 1\r\n\r\nx";
  }));
  Client client;
  for (const char* status : {"201", "302", "403", "404", "500", "503", "599"}) {
    EXPECT_EQ(outcome(client, get(server.url("/") + status)), std::string(status) + " x");
  }
}

TEST(Client, sends_the_target_exactly_as_it_stands) {
  FaultyServer server(echoing());
  Client client;
  EXPECT_EQ(outcome(client, get(server.url("/a//b/../%2F%61?x=%20&y"))),
            "200 GET /a//b/../%2F%61?x=%20&y HTTP/1.1\n");
}

TEST(Client, sends_headers_also_empty_ones_and_adds_no_content_type) {
  FaultyServer server(echoing({"x-a", "x-empty", "content-type", "expect", "content-length"}));
  Client client;
  Request request = with_body("POST", server.url(), "{}");
  request.headers = {{"X-A", "b: c"}, {"X-Empty", ""}};
  EXPECT_EQ(outcome(client, request),
            "200 POST / HTTP/1.1\nx-a=b: c\nx-empty=\ncontent-type=(none)\nexpect=(none)\n"
            "content-length=2\n{}");
}

TEST(Client, sends_bodies_with_any_method) {
  FaultyServer server(echoing());
  Client client;
  for (const std::string method : {"PUT", "POST", "PATCH", "DELETE", "REPORT"}) {
    EXPECT_EQ(outcome(client, with_body(method, server.url(), "bytes")),
              "200 " + method + " / HTTP/1.1\nbytes");
  }
}

TEST(Client, says_that_an_empty_body_is_empty) {
  FaultyServer server(echoing({"content-length"}));
  Client client;
  for (const std::string method : {"PUT", "POST"}) {
    Request request = get(server.url());
    request.method = method;
    EXPECT_EQ(outcome(client, request), "200 " + method + " / HTTP/1.1\ncontent-length=0\n");
  }
  Request removal = get(server.url());
  removal.method = "DELETE";
  EXPECT_EQ(outcome(client, removal), "200 DELETE / HTTP/1.1\ncontent-length=(none)\n");
}

TEST(Client, reads_no_body_of_an_answer_to_head) {
  FaultyServer server(answering([](const ReceivedRequest&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n");
  }));
  Client client;
  Request request = get(server.url());
  request.method = "HEAD";
  const auto response = send(client, request).value();
  EXPECT_EQ(response.headers.get("content-length"), "999999999999");
  EXPECT_EQ(response.body, "");
}

TEST(Client, sends_a_large_part_of_a_file) {
  FaultyServer server(answering([](const ReceivedRequest& request) { return ok(request.body); }));
  TemporaryFolder folder;
  const std::string path = folder.path() / "file";
  std::string bytes;
  for (int i = 0; bytes.size() < 3'000'000; ++i) bytes += std::to_string(i);
  std::ofstream(path) << bytes;
  Client client;
  Request request = get(server.url());
  request.method = "PUT";
  request.body = body_of_file(
      std::make_shared<const FileDescriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), 10,
      2'900'000);
  EXPECT_TRUE(send(client, request).value().body == bytes.substr(10, 2'900'000));
}

TEST(Client, uses_connections_again) {
  FaultyServer server(echoing());
  Client client;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(send(client, get(server.url())));
  EXPECT_EQ(server.connections(), 1);
}

TEST(Client, sends_again_over_a_new_connection_where_an_old_one_turns_out_to_be_closed) {
  FaultyServer server([](ServerConnection& connection) {
    const auto request = connection.request();
    if (request) connection.send(ok(request->body));  // and closes, without having said so
  });
  Client client;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(outcome(client, with_body("PUT", server.url(), "body")), "200 body");
  }
}

TEST(Client, follows_no_redirect_unless_it_may) {
  FaultyServer server(answering([](const ReceivedRequest& request) {
    if (request.line == "GET /new HTTP/1.1") return ok("new");
    return std::string(
        "HTTP/1.1 302 Found\r\nLocation: /new\r\nX-Old: 1\r\nContent-Length: 3\r\n\r\nold");
  }));
  Client client;
  Request request = get(server.url("/old"));
  EXPECT_EQ(outcome(client, request), "302 old");
  request.redirects = 1;
  const auto response = send(client, request);
  EXPECT_EQ(outcome(response), "200 new");
  EXPECT_EQ(response->headers.get("x-old"), std::nullopt);
  request.method = "POST";
  EXPECT_EQ(outcome(client, request), "302 old");
}

TEST(Client, ignores_interim_responses) {
  FaultyServer server(answering([](const ReceivedRequest&) {
    return "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("body");
  }));
  Client client;
  const auto response = send(client, get(server.url()));
  EXPECT_EQ(outcome(response), "200 body");
  EXPECT_EQ(response->headers.get("link"), std::nullopt);
}

TEST(Client, goes_through_a_proxy_but_not_to_exceptions) {
  FaultyServer proxy(echoing());
  ClientSettings settings;
  settings.proxies = {proxy.url(), "", "direct.example"};
  Client client(settings);
  EXPECT_EQ(outcome(client, get("http://host.example/a")),
            "200 GET http://host.example/a HTTP/1.1\n");
  Request direct = get("http://direct.example:1/a");
  direct.timeouts.connect = std::chrono::milliseconds(2000);
  EXPECT_NE(outcome(client, direct).substr(0, 3), "200");
}

TEST(Client, has_no_more_than_so_many_requests_in_flight_and_loses_none) {
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  FaultyServer server(answering([&](const ReceivedRequest& request) {
    const int now = ++at_once;
    for (int known = most; known < now && !most.compare_exchange_weak(known, now);) {
    }
    std::this_thread::yield();
    --at_once;
    return ok(request.line);
  }));
  ClientSettings settings;
  settings.in_flight = 4;
  Client client(settings);
  boost::asio::io_context context;
  int answered = 0;
  const auto ask = [&](int i) -> Task<> {
    Task<Result<Response>> task = client.send(get(server.url("/" + std::to_string(i))));
    const auto response = co_await std::move(task);
    if (outcome(response) == "200 GET /" + std::to_string(i) + " HTTP/1.1") ++answered;
  };
  for (int i = 0; i < 200; ++i) boost::asio::co_spawn(context, ask(i), boost::asio::detached);
  context.run();
  EXPECT_EQ(answered, 200);
  EXPECT_LE(most, 4);
  EXPECT_LE(server.connections(), 4);
}

TEST(Client, refuses_requests_beyond_those_that_may_wait) {
  FaultyServer server([](ServerConnection& connection) { connection.wait_for_end(); });
  ClientSettings settings;
  settings.in_flight = 1;
  settings.waiting = 2;
  boost::asio::io_context context;
  auto client = std::make_unique<Client>(settings);
  int busy = 0;
  int ended = 0;
  const auto await = [&](Task<Result<Response>> task) -> Task<> {
    const auto response = co_await std::move(task);
    if (response.error().kind == FailureKind::busy) ++busy;
    if (++ended == 7) client.reset();  // one is under way perhaps, and two wait
  };
  for (int i = 0; i < 10; ++i) {
    boost::asio::co_spawn(context, await(client->send(get(server.url()))), boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(ended, 10);
  EXPECT_GE(busy, 7);
  EXPECT_LE(busy, 8);
}

TEST(Client, answers_on_the_executor_of_whoever_asks) {
  FaultyServer server(echoing());
  Client client;
  boost::asio::io_context context;
  bool here = false;
  const auto ask = [&]() -> Task<> {
    Task<Result<Response>> task = client.send(get(server.url()));
    co_await std::move(task);
    here = context.get_executor().running_in_this_thread();
  };
  boost::asio::co_spawn(context, ask, boost::asio::detached);
  context.run();
  EXPECT_TRUE(here);
}

}  // namespace
}  // namespace chartmuseum::transport
