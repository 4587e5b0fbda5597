// SPDX-License-Identifier: Apache-2.0
// A client that goes away at every point: the server must neither fall nor leak nor stall.
#include "unit/http/test_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace chartmuseum::http::test {
namespace {

const std::string kGet = "GET /text HTTP/1.1\r\nHost: x\r\n\r\n";

const std::string kLast = "GET /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// A conversation of several requests, with and without bodies.
const std::string kScript =
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;a=b\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n"
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody"
    "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody" +
    kGet;

enum class Way { half_closes, resets, closes };

class ClientThatLeaves : public testing::TestWithParam<Way> {};

TEST_P(ClientThatLeaves, at_any_byte_of_its_requests_harms_nobody_else) {
  TestServer server;
  RawClient witness = server.connect();
  for (std::size_t size = 0; size <= kScript.size(); ++size) {
    RawClient client = server.connect();
    client.send(std::string_view(kScript).substr(0, size));
    if (GetParam() == Way::resets) client.reset();
    if (GetParam() == Way::half_closes) {
      client.half_close();
      static_cast<void>(client.rest());  // ends: the server closes its half too
    }
    if (size % 16 != 0) continue;
    const auto response = witness.exchange(kGet);
    ASSERT_TRUE(response) << size;
    EXPECT_EQ(response->body, "hello");
  }
}

TEST_P(ClientThatLeaves, at_any_place_of_its_response_harms_nobody_else) {
  TestServer server;
  RawClient witness = server.connect();
  for (const char* path : {"/file", "/rope/500000", "/stream", "/text/3000000"}) {
    for (std::size_t size = 1; size < 3'000'000; size *= 7) {
      RawClient client(server.port(), 8192);
      client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n" + kLast);
      for (std::size_t read = 0; read < size;) {
        const std::size_t more = client.some(std::min<std::size_t>(size - read, 65536)).size();
        if (more == 0) break;
        read += more;
      }
      if (GetParam() == Way::resets) client.reset();
      if (GetParam() == Way::half_closes) client.half_close();
      const auto response = witness.exchange(kGet);
      ASSERT_TRUE(response) << path << ' ' << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Session, ClientThatLeaves,
                         testing::Values(Way::half_closes, Way::resets, Way::closes));

/// The bodies of all answers, one behind the other.
std::string bodies_of(RawClient& client) {
  std::string all;
  while (const auto response = client.response()) {
    if (response->status != 100)
      all += std::to_string(response->status) + ':' + response->body + ' ';
  }
  return all;
}

TEST(SessionFault, what_arrived_before_the_cut_is_answered_and_nothing_else) {
  TestServer server;
  RawClient whole = server.connect();
  whole.send(kScript);
  whole.half_close();
  const std::string expected = bodies_of(whole);
  EXPECT_EQ(expected, "200:abcdefg 200:body 200:ignored 200:hello ");
  for (std::size_t size = 0; size < kScript.size(); ++size) {
    RawClient client = server.connect();
    client.send(std::string_view(kScript).substr(0, size));
    client.half_close();
    std::string got = bodies_of(client);
    // At the most the last answer says that its request was cut.
    if (const auto refusal = got.find("400:"); refusal != std::string::npos) got.resize(refusal);
    EXPECT_TRUE(expected.starts_with(got)) << size << ": " << got;
  }
}

}  // namespace
}  // namespace chartmuseum::http::test
