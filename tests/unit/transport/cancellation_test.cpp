// SPDX-License-Identifier: Apache-2.0
#include "transport/client.hpp"
#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers

/// Keeps a request waiting; `arrived` is called once it is there.
FaultyServer::Script keeping_silent(std::function<void()> arrived) {
  return [arrived = std::move(arrived)](ServerConnection& connection) {
    if (!connection.request_head()) return;
    arrived();
    connection.wait_for_end();
  };
}

TEST(Cancellation, ends_a_request_that_is_under_way) {
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  FaultyServer server(keeping_silent([&] {
    boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  }));
  Client client;
  std::string ended;
  const auto ask = [&]() -> Task<> {
    // The body is gone as soon as this ends, while the server still waits for the rest of it.
    const auto body = std::make_unique<std::string>(20'000'000, 'a');
    Request request = get(server.url());
    request.method = "PUT";
    request.body = borrowed_body(*body);
    Task<Result<Response>> task = client.send(request);
    const auto result = co_await std::move(task);
    ended = outcome(result);
  };
  boost::asio::co_spawn(context, ask,
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  context.run();
  EXPECT_EQ(ended, "cancelled");
  // The server's script ends because the connection does, or this test hangs.
}

TEST(Cancellation, frees_the_place_in_flight) {
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  FaultyServer silent(keeping_silent([&] {
    boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
  }));
  FaultyServer server(answering([](const ReceivedRequest&) { return ok("next"); }));
  ClientSettings settings;
  settings.in_flight = 1;
  Client client(settings);
  std::string ended;
  std::string next;
  const auto ask = [&](std::string url, std::string& into) -> Task<> {
    Task<Result<Response>> task = client.send(get(url));
    const auto result = co_await std::move(task);
    into = outcome(result);
  };
  boost::asio::co_spawn(context, ask(silent.url(), ended),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  boost::asio::co_spawn(context, ask(server.url(), next), boost::asio::detached);
  context.run();
  EXPECT_EQ(ended, "cancelled");
  EXPECT_EQ(next, "200 next");
}

TEST(Cancellation, ends_the_wait_for_a_piece_of_a_stream) {
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  FaultyServer server([&](ServerConnection& connection) {
    connection.request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    connection.wait_for_end();
  });
  Client client;
  FailureKind kind{};
  const auto ask = [&]() -> Task<> {
    Task<Result<StreamedResponse>> opening = client.open(get(server.url()));
    auto response = co_await std::move(opening);
    boost::asio::post(context, [&] { signal.emit(boost::asio::cancellation_type::terminal); });
    Task<Result<std::string>> next = response->body->next();
    const auto piece = co_await std::move(next);
    kind = piece.error().kind;
  };
  boost::asio::co_spawn(context, ask,
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  context.run();
  EXPECT_EQ(kind, FailureKind::cancelled);
}

TEST(Cancellation, comes_with_the_end_of_the_client) {
  auto client = std::make_unique<Client>();
  boost::asio::io_context context;
  FaultyServer server(keeping_silent([&] { boost::asio::post(context, [&] { client.reset(); }); }));
  std::string ended;
  const auto ask = [&]() -> Task<> {
    Task<Result<Response>> task = client->send(get(server.url()));
    const auto result = co_await std::move(task);
    ended = outcome(result);
  };
  boost::asio::co_spawn(context, ask, boost::asio::detached);
  context.run();
  EXPECT_EQ(ended, "cancelled");
}

TEST(Cancellation, comes_with_the_end_of_whoever_waits) {
  Client client;
  std::atomic<bool> there = false;
  FaultyServer server(keeping_silent([&] {
    there = true;
    there.notify_all();
  }));
  {
    boost::asio::io_context context;
    const auto ask = [&]() -> Task<> {
      Task<Result<Response>> task = client.send(get(server.url()));
      co_await std::move(task);
    };
    boost::asio::co_spawn(context, ask, boost::asio::detached);
    context.poll();
    there.wait(false);
  }  // destroys the coroutine as it waits
  FaultyServer other(answering([](const ReceivedRequest&) { return ok("fine"); }));
  EXPECT_EQ(outcome(client, get(other.url())), "200 fine");
}

}  // namespace
}  // namespace chartmuseum::transport
