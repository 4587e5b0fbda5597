// SPDX-License-Identifier: Apache-2.0
#include "transport/retry.hpp"

#include "unit/transport/faulty_server.hpp"
#include "unit/transport/requests.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace chartmuseum::transport {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RetryDelay, is_a_random_part_of_a_bound_that_doubles) {
  const RetryPolicy policy{10, milliseconds(100), milliseconds(1000)};
  EXPECT_EQ(retry_delay(policy, 1, 0.5, std::nullopt), milliseconds(50));
  EXPECT_EQ(retry_delay(policy, 2, 0.5, std::nullopt), milliseconds(100));
  EXPECT_EQ(retry_delay(policy, 3, 0.5, std::nullopt), milliseconds(200));
  EXPECT_EQ(retry_delay(policy, 3, 0.0, std::nullopt), milliseconds(0));
  EXPECT_EQ(retry_delay(policy, 4, 0.99, std::nullopt), milliseconds(792));
  EXPECT_EQ(retry_delay(policy, 5, 0.5, std::nullopt), milliseconds(500));
  EXPECT_EQ(retry_delay(policy, 4'000'000'000, 0.5, std::nullopt), milliseconds(500));
}

TEST(RetryDelay, is_never_less_than_the_server_asks_for) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, 1, 0.9, seconds(20)), seconds(20));
  EXPECT_EQ(retry_delay(policy, 3, 0.5, milliseconds(1)), milliseconds(200));
}

TEST(RetryAfter, is_seconds_or_a_date) {
  const auto now = std::chrono::system_clock::from_time_t(1'445'412'480);  // 2015-10-21 07:28:00
  EXPECT_EQ(parse_retry_after("120", now), seconds(120));
  EXPECT_EQ(parse_retry_after("0", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:28:30 GMT", now), seconds(30));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:00:00 GMT", now), seconds(0));
}

TEST(RetryAfter, is_bounded_and_may_be_nonsense) {
  const auto now = std::chrono::system_clock::now();
  EXPECT_EQ(parse_retry_after("999999", now), std::chrono::hours(24));
  EXPECT_EQ(parse_retry_after("99999999999999999999", now), std::chrono::hours(24));
  for (const char* text : {"", "soon", "-1", "1.5", "1s"}) {
    EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
  }
}

TEST(MayGoBetter, where_the_server_or_the_network_is_at_fault) {
  for (const unsigned status : {408U, 429U, 500U, 502U, 503U, 504U})
    EXPECT_TRUE(may_go_better(status));
  for (const unsigned status : {200U, 301U, 400U, 401U, 403U, 404U, 409U, 412U, 501U}) {
    EXPECT_FALSE(may_go_better(status));
  }
  EXPECT_TRUE(may_go_better(FailureKind::broken, true));
  EXPECT_FALSE(may_go_better(FailureKind::tls, true));
  EXPECT_FALSE(may_go_better(FailureKind::cancelled, true));
}

TEST(MayGoBetter, of_what_is_not_idempotent_only_if_the_server_never_saw_it) {
  EXPECT_FALSE(is_idempotent("POST"));
  EXPECT_TRUE(is_idempotent("PUT"));
  EXPECT_TRUE(may_go_better(FailureKind::unreachable, false));
  EXPECT_FALSE(may_go_better(FailureKind::broken, false));
  EXPECT_FALSE(may_go_better(FailureKind::timed_out, false));
}

/// Counts requests, and answers the first ones with `refusal`.
struct Flaky {
  std::atomic<int> requests = 0;
  int failing;
  std::string refusal;
  FaultyServer server{[this](ServerConnection& connection) {
    while (const auto request = connection.request()) {
      const bool fails = ++requests <= failing;
      if (!connection.send(fails ? refusal : ok(request->body))) return;
      if (fails && refusal.empty()) return connection.reset();
    }
  }};

  Flaky(int times, std::string answer) : failing(times), refusal(std::move(answer)) {}
};

constexpr const char* unavailable = "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n";
const RetryPolicy quick{4, milliseconds(1), milliseconds(5)};

TEST(Retries, go_on_until_it_is_well) {
  for (const std::string refusal : {unavailable, ""}) {
    Flaky flaky(3, refusal);
    Client client;
    const auto result =
        run_task(send_with_retries(client, with_body("PUT", flaky.server.url(), "body"), quick));
    EXPECT_EQ(outcome(result), "200 body");
    EXPECT_EQ(flaky.requests, 4);
  }
}

TEST(Retries, end_with_the_last_outcome) {
  Flaky flaky(100, unavailable);
  Client client;
  EXPECT_EQ(outcome(run_task(send_with_retries(client, get(flaky.server.url()), quick))), "503 ");
  EXPECT_EQ(flaky.requests, 4);
}

TEST(Retries, are_not_made_of_what_would_be_done_twice) {
  Flaky flaky(100, unavailable);
  Client client;
  const Request post = with_body("POST", flaky.server.url(), "body");
  EXPECT_EQ(outcome(run_task(send_with_retries(client, post, quick))), "503 ");
  EXPECT_EQ(flaky.requests, 1);
  RetryPolicy any = quick;
  any.may_repeat_any = true;
  EXPECT_EQ(outcome(run_task(send_with_retries(client, post, any))), "503 ");
  EXPECT_EQ(flaky.requests, 5);
}

TEST(Retries, are_not_made_of_what_stays_as_it_is) {
  Flaky flaky(100, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  Client client;
  EXPECT_EQ(outcome(run_task(send_with_retries(client, get(flaky.server.url()), quick))), "403 ");
  EXPECT_EQ(flaky.requests, 1);
}

TEST(Retries, are_not_made_where_the_server_asks_for_more_time_than_there_is) {
  Flaky flaky(100, "HTTP/1.1 503 Slow Down\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
  Client client;
  EXPECT_EQ(outcome(run_task(send_with_retries(client, get(flaky.server.url()), quick))), "503 ");
  EXPECT_EQ(flaky.requests, 1);
}

TEST(Retries, open_streams_too) {
  Flaky flaky(2, unavailable);
  Client client;
  const auto response =
      run_task(open_with_retries(client, with_body("PUT", flaky.server.url(), "body"), quick))
          .value();
  EXPECT_EQ(run_task(read_all(*response.body)).value(), "body");
}

}  // namespace
}  // namespace chartmuseum::transport
