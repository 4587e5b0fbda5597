// SPDX-License-Identifier: Apache-2.0
// What the network and the server may do wrong. Each has one outcome, and none lasts for ever.
#include "transport/client.hpp"
#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <fstream>
#include <string>
#include <unistd.h>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Sends these bytes as an answer and closes.
FaultyServer::Script sending(std::string bytes) {
  return [bytes = std::move(bytes)](ServerConnection& connection) {
    connection.request();
    connection.send(bytes);
  };
}

std::string outcome_of(const FaultyServer::Script& script) {
  FaultyServer server(script);
  Client client;
  return outcome(client, get(server.url()));
}

Request impatient(std::string url) {
  Request request = get(std::move(url));
  request.timeouts.whole = std::chrono::milliseconds(200);
  return request;
}

TEST(Faults, a_connection_that_is_refused_is_unreachable) {
  std::string url;
  {
    FaultyServer gone([](ServerConnection&) {});
    url = gone.url();
  }
  Client client;
  EXPECT_EQ(outcome(client, get(url)), "unreachable");
}

TEST(Faults, a_name_without_address_is_unresolved) {
  Client client;
  EXPECT_EQ(outcome(client, get("http://name.invalid/")), "unresolved");
}

TEST(Faults, a_cut_body_is_never_a_short_one) {
  EXPECT_EQ(outcome_of(sending("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd")), "broken");
  EXPECT_EQ(
      outcome_of(sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n")),
      "broken");
  EXPECT_EQ(outcome_of(sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabcd")),
            "broken");
}

TEST(Faults, a_reset_breaks_the_request_wherever_it_comes) {
  for (const std::string before : {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd"}) {
    EXPECT_EQ(outcome_of([&](ServerConnection& connection) {
                connection.request();
                connection.send(before);
                connection.reset();
              }),
              "broken")
        << before;
  }
}

TEST(Faults, an_end_without_answer_is_broken) {
  EXPECT_EQ(outcome_of(sending("")), "broken");
}

TEST(Faults, what_is_no_http_is_broken) {
  EXPECT_EQ(outcome_of(sending("SSH-2.0-OpenSSH\r\n")), "broken");
  EXPECT_EQ(outcome_of(sending("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")), "broken");
  EXPECT_EQ(outcome_of(sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")),
            "broken");
}

TEST(Faults, a_reset_in_the_middle_of_an_upload_breaks_it) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request_head();
    connection.reset();
  });
  Client client;
  EXPECT_EQ(outcome(client, with_body("PUT", server.url(), std::string(20'000'000, 'a'))),
            "broken");
}

TEST(Faults, an_answer_before_the_body_was_sent_is_an_answer) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request_head();
    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    connection.wait_for_end();
  });
  Client client;
  EXPECT_EQ(outcome(client, with_body("PUT", server.url(), std::string(20'000'000, 'a'))),
            "403 no");
}

TEST(Faults, silence_times_out_wherever_it_begins) {
  for (const std::string before : {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd"}) {
    FaultyServer server([&](ServerConnection& connection) {
      connection.request();
      connection.send(before);
      connection.wait_for_end();
    });
    Client client;
    EXPECT_EQ(outcome(client, impatient(server.url())), "timed out") << before;
  }
}

TEST(Faults, a_trickle_times_out_as_stalled) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabcd");
    connection.wait_for_end();
  });
  Client client;
  Request request = get(server.url());
  request.timeouts.stalled = std::chrono::seconds(1);
  const auto result = send(client, request);
  EXPECT_EQ(outcome(result), "timed out");
  EXPECT_THAT(result.error().detail, HasSubstr("too slow"));
}

TEST(Faults, a_server_that_reads_no_more_of_a_body_times_out) {
  FaultyServer server([](ServerConnection& connection) {
    connection.request_head();
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));  // reads nothing meanwhile
  });
  Client client;
  Request request = with_body("PUT", server.url(), std::string(50'000'000, 'a'));
  request.timeouts.whole = std::chrono::milliseconds(200);
  EXPECT_EQ(outcome(client, request), "timed out");
}

TEST(Faults, waiting_for_a_place_counts) {
  FaultyServer server([](ServerConnection& connection) { connection.wait_for_end(); });
  ClientSettings settings;
  settings.in_flight = 1;
  Client client(settings);
  boost::asio::io_context context;
  std::vector<std::string> outcomes;
  const auto ask = [&](Request request) -> Task<> {
    Task<Result<Response>> task = client.send(std::move(request));
    const auto result = co_await std::move(task);
    outcomes.push_back(outcome(result));
  };
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(context, ask(impatient(server.url())), boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(outcomes, std::vector<std::string>(3, "timed out"));
}

TEST(Faults, a_huge_head_is_too_large) {
  EXPECT_EQ(outcome_of(sending("HTTP/1.1 200 OK\r\nX-A: " + std::string(80'000, 'a') + "\r\n\r\n")),
            "too large");
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5000; ++i) many += "X-A: " + std::string(100, 'a') + "\r\n";
  EXPECT_EQ(outcome_of(sending(many + "\r\n")), "too large");
  std::string interim;
  for (int i = 0; i < 10'000; ++i) interim += "HTTP/1.1 103 Early Hints\r\nX-A: a\r\n\r\n";
  EXPECT_EQ(outcome_of(sending(interim)), "too large");
}

TEST(Faults, a_body_over_the_limit_is_too_large_whether_it_says_so_or_not) {
  for (const std::string length : {"Content-Length: 5000\r\n", ""}) {
    FaultyServer server(sending("HTTP/1.1 200 OK\r\n" + length + "\r\n" + std::string(5000, 'a')));
    Client client;
    Request request = get(server.url());
    request.response_limit = 4999;
    EXPECT_EQ(outcome(client, request), "too large");
    request.response_limit = 5000;
    EXPECT_EQ(outcome(client, request), "200 " + std::string(5000, 'a'));
  }
}

TEST(Faults, a_body_that_cannot_be_read_is_invalid) {
  FaultyServer server(answering([](const ReceivedRequest&) { return ok(""); }));
  TemporaryFolder folder;
  const std::string path = folder.path() / "file";
  std::ofstream(path) << "short";
  Client client;
  Request request = get(server.url());
  request.method = "PUT";
  request.body = body_of_file(
      std::make_shared<const FileDescriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), 0, 1000);
  EXPECT_EQ(outcome(client, request), "invalid");
}

TEST(Faults, requests_that_cannot_be_sent_are_invalid) {
  FaultyServer server(answering([](const ReceivedRequest&) { return ok(""); }));
  Client client;
  for (const std::string url :
       {"", "file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1", "http://", "http://a b/",
        "http://127.0.0.1:99999/", "http://h/\r\nX-A: b", "http://h/a\x7F"}) {
    EXPECT_EQ(outcome(client, get(url)), "invalid") << url;
  }
  EXPECT_EQ(outcome(client, get(server.url() + std::string("a\0b", 3))), "invalid");
  Request request = get(server.url());
  request.headers = {{"X-A", "b\r\nX-B: c"}};
  EXPECT_EQ(outcome(client, request), "invalid");
  request = get(server.url());
  request.method = "GET / HTTP/1.1\r\nX-A:";
  EXPECT_EQ(outcome(client, request), "invalid");
}

TEST(Faults, are_told_without_secrets) {
  FaultyServer server(sending(""));
  Client client;
  Request request = get("http://user:secret1@127.0.0.1:" + std::to_string(server.port()) +
                        "/path?signature=secret2#secret3");
  request.headers = {{"Authorization", "secret4"}};
  const Failure failure = send(client, request).error();
  EXPECT_THAT(failure.detail,
              StartsWith("GET http://127.0.0.1:" + std::to_string(server.port()) + "/path: "));
  EXPECT_THAT(failure.detail, Not(HasSubstr("secret")));

  for (const std::string url :
       {"http://user:secret1@:80:80/?secret2", "gopher://u:secret1@h/?secret2",
        "http://u:secret1@name.invalid/?secret2", "https://u:secret1@127.0.0.1:1/?secret2"}) {
    EXPECT_THAT(send(client, get(url)).error().detail, Not(HasSubstr("secret"))) << url;
  }
}

}  // namespace
}  // namespace chartmuseum::transport
