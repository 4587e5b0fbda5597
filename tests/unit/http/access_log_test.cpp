// SPDX-License-Identifier: Apache-2.0
#include "http/access_log.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace chartmuseum::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AccessLog : public testing::Test {
 protected:
  std::vector<std::string> lines(bool integer) {
    std::vector<std::string> all;
    const auto log =
        telemetry::Log::to({.json = true}, [&](std::string_view line) { all.emplace_back(line); });
    log_access(log, request_, "/index.yaml", status_, "why", std::chrono::nanoseconds(68'500),
               integer);
    return all;
  }

  AccessLog() {
    request_.number = 7;
    request_.method_name = "GET";
    request_.client_address = "192.0.2.1";
    request_.id = "some-id";
  }

  Request request_;
  unsigned status_ = 200;
};

TEST_F(AccessLog, has_the_go_servers_names) {
  EXPECT_THAT(lines(false),
              ElementsAre(HasSubstr(R"("[7] Request served","path":"/index.yaml","comment":"why",)"
                                    R"("clientIP":"192.0.2.1","method":"GET","statusCode":200,)"
                                    R"("latency":"68.5µs","reqID":"some-id"})")));
}

TEST_F(AccessLog, has_the_latency_as_nanoseconds_on_demand) {
  EXPECT_THAT(lines(true), ElementsAre(HasSubstr(R"("latency":68500,)")));
}

TEST_F(AccessLog, takes_the_level_from_the_status) {
  using telemetry::Level;
  for (const unsigned status : {200U, 201U, 206U, 304U})
    EXPECT_EQ(access_level(status), Level::info);
  EXPECT_EQ(access_level(404), Level::warn);
  for (const unsigned status : {400U, 409U, 413U, 500U}) {
    EXPECT_EQ(access_level(status), Level::error);
  }
}

}  // namespace
}  // namespace chartmuseum::http
