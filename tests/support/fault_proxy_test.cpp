// SPDX-License-Identifier: Apache-2.0
#include "support/fault_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace chartmuseum::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::ThrowsMessage;

/// The status that curl tells, "000" for none.
std::string status_of(const std::string& url) {
  const std::string command = "curl -s -o /dev/null -w '%{http_code}' --noproxy '*' '" + url + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
  std::string status(3, ' ');
  status.resize(std::fread(status.data(), 1, status.size(), output.get()));
  return status;
}

// What it does to calls is tested in tests/end_to_end/test_fault_proxy.py.
TEST(FaultProxy, is_told_what_to_do_and_tells_what_came) {
  auto proxy = FaultProxy::start("http://127.0.0.1:9/not-used");
  if (!proxy) GTEST_SKIP() << proxy.error();
  proxy->fail({.kind = "answer", .method = "GET", .path = "^/a", .times = 2, .status = 503});
  EXPECT_EQ(status_of(proxy->url() + "/a"), "503");
  EXPECT_EQ(status_of(proxy->url() + "/b"), "000");  // nobody listens behind it

  const Calls calls = proxy->calls();
  EXPECT_EQ(calls.total, 2);
  EXPECT_THAT(calls.by_method, ElementsAre(Pair("GET", 2)));
  EXPECT_EQ(calls.faults, 1);
  EXPECT_EQ(calls.faults_left, 1);
  EXPECT_EQ(calls.log.at(0).target, "/a");
  EXPECT_EQ(calls.log.at(0).fault, "answer");
  EXPECT_EQ(calls.log.at(0).status, 503);
  EXPECT_EQ(calls.log.at(1).status, 0);

  proxy->heal();
  proxy->forget_calls();
  EXPECT_EQ(proxy->calls().total, 0);
  EXPECT_EQ(proxy->calls().faults_left, 0);
}

TEST(FaultProxy, refuses_a_fault_of_an_unknown_kind) {
  auto proxy = FaultProxy::start("http://127.0.0.1:9");
  if (!proxy) GTEST_SKIP() << proxy.error();
  EXPECT_THAT([&] { proxy->fail({.kind = "explode"}); },
              ThrowsMessage<std::runtime_error>(HasSubstr("unknown kind 'explode'")));
}

}  // namespace
}  // namespace chartmuseum::test
