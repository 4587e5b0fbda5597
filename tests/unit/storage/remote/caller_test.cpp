// SPDX-License-Identifier: Apache-2.0
#include "unit/storage/remote/remote_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using transport::test::ok;

class CallerTest : public RemoteStoreTest {
 protected:
  std::string send(std::string method = "GET") {
    transport::Request request;
    request.method = std::move(method);
    request.url = server_->url("/x");
    const auto answer = run_task(caller_->send(std::move(request)));
    return answer ? std::to_string(answer->status) + " " + answer->body : kind_of(answer);
  }
};

TEST_F(CallerTest, renews_what_proves_who_asks_once_it_is_refused) {
  serve([](const ReceivedRequest& request) {
    return request.header("x-ticket") == "1" ? status("403 Forbidden", "old ticket")
                                             : ok("come in");
  });
  EXPECT_EQ(send(), "200 come in");
  EXPECT_EQ(requests().size(), 2U);
  EXPECT_EQ(get("x"), "come in");
  EXPECT_EQ(open("x"), "come in");
  EXPECT_EQ(requests().size(), 4U);  // it stays renewed
}

TEST_F(CallerTest, does_not_renew_it_again_and_again) {
  serve([](const ReceivedRequest&) { return status("403 Forbidden", "old ticket"); });
  EXPECT_EQ(send(), "403 old ticket");
  EXPECT_EQ(requests().size(), 2U);
}

TEST_F(CallerTest, passes_other_refusals_on) {
  serve([](const ReceivedRequest&) { return status("403 Forbidden", "never"); });
  EXPECT_EQ(send(), "403 never");
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(CallerTest, asks_nothing_without_proof) {
  serve([](const ReceivedRequest&) { return ok("come in"); });
  tickets_->failure = Failure{FailureKind::denied, "no credentials"};
  EXPECT_EQ(send(), "denied");
  EXPECT_EQ(get("x"), "denied");
  EXPECT_EQ(open("x"), "denied");
  EXPECT_TRUE(requests().empty());
}

TEST_F(CallerTest, repeats_what_may_go_better) {
  int asked = 0;
  serve([&asked](const ReceivedRequest&) {
    return ++asked < 3 ? status("503 Slow Down") : ok("there");
  });
  EXPECT_EQ(send(), "200 there");
}

TEST_F(CallerTest, sends_twice_only_what_may_be_sent_twice) {
  int asked = 0;
  serve([&asked](const ReceivedRequest&) {
    return ++asked % 2 == 1 ? status("503 Slow Down") : ok("there");
  });
  EXPECT_EQ(send("POST"), "503 ");
  asked = 0;
  transport::Request request;
  request.method = "POST";
  request.url = server_->url("/x");
  EXPECT_EQ(run_task(caller_->send_repeatable(std::move(request)))->body, "there");
}

TEST_F(CallerTest, a_server_that_is_gone_is_unavailable) {
  serve([](const ReceivedRequest&) { return ok("come in"); });
  transport::Request request;
  request.url = server_->url("/x");
  server_.reset();
  EXPECT_EQ(kind_of(run_task(caller_->send(std::move(request)))), "unavailable");
}

TEST_F(CallerTest, an_opened_refusal_brings_its_words) {
  serve([](const ReceivedRequest&) { return status("400 Bad Request", std::string(70'000, 'w')); });
  transport::Request request;
  request.url = server_->url("/x");
  const auto opened = run_task(caller_->open(std::move(request)));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->body, nullptr);
  EXPECT_GE(opened->head.body.size(), 64U * 1024);
}

}  // namespace
}  // namespace chartmuseum::storage
