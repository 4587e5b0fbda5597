// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.hpp"

#include <gmock/gmock.h>

#include <string>

namespace chartmuseum::http {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::Pair;
using Progress = RequestParser::Progress;

/// Feeds a request to a parser, `step` more bytes at a time.
class Parsed {
 public:
  explicit Parsed(std::string input, std::size_t step = SIZE_MAX, std::size_t header_bytes = 8192)
      : parser_(request, header_bytes), input_(std::move(input)) {
    std::size_t begin = 0;
    std::size_t arrived = 0;
    while (progress == Progress::needs_more && arrived < input_.size()) {
      arrived += std::min(step, input_.size() - arrived);
      begin += feed(begin, arrived, true);
    }
    while (progress == Progress::ready && !parser_.complete()) {
      begin += feed(begin, arrived, false);
      if (progress != Progress::needs_more) continue;
      if (arrived == input_.size()) break;
      arrived += std::min(step, input_.size() - arrived);
      progress = Progress::ready;
    }
    left = input_.substr(begin);
  }

  Request request;
  Progress progress = Progress::needs_more;
  std::string body;
  std::string left;
  [[nodiscard]] const RequestParser& parser() const { return parser_; }
  [[nodiscard]] unsigned refused() const {
    return progress == Progress::refused ? parser_.refusal().status : 0;
  }

 private:
  std::size_t feed(std::size_t begin, std::size_t end, bool head) {
    // A copy of its own, so that a sanitizer sees who reads beyond.
    const std::string bytes = input_.substr(begin, end - begin);
    std::size_t used = 0;
    progress = head ? parser_.head(bytes, used) : parser_.body(bytes, used);
    body += parser_.chunk();
    return used;
  }

  RequestParser parser_;
  std::string input_;
};

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

TEST(RequestParser, reads_the_head) {
  const Parsed parsed(
      "POST /api/charts?force HTTP/1.1\r\nHost: a:80\r\nX-Y: 1 2 \r\nX-y:\r\n\r\nrest");
  EXPECT_EQ(parsed.progress, Progress::ready);
  EXPECT_EQ(parsed.request.method, Method::post);
  EXPECT_EQ(parsed.request.method_name, "POST");
  EXPECT_EQ(parsed.request.target.path(), "/api/charts");
  EXPECT_EQ(parsed.request.target.query("force"), "");
  EXPECT_THAT(parsed.request.headers.fields(),
              ElementsAre(Pair("Host", "a:80"), Pair("X-Y", "1 2"), Pair("X-y", "")));
  EXPECT_TRUE(parsed.parser().complete());
  EXPECT_EQ(parsed.left, "rest");
}

TEST(RequestParser, does_not_mind_how_the_bytes_are_cut) {
  const std::string request =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n10;name=\"va\\\"lue\"\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\nGET";
  for (std::size_t step = 1; step <= request.size(); ++step) {
    const Parsed parsed(request, step);
    EXPECT_TRUE(parsed.parser().complete()) << step;
    EXPECT_EQ(parsed.body, "abc0123456789abcdef") << step;
    EXPECT_EQ(parsed.request.headers.get("Trailer"), std::nullopt);
  }
}

TEST(RequestParser, reads_a_body_of_known_length) {
  const Parsed parsed("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcdefg", 3);
  EXPECT_TRUE(parsed.parser().complete());
  EXPECT_EQ(parsed.body, "abcde");
  EXPECT_EQ(parsed.parser().length(), 5U);
  EXPECT_EQ(parsed.parser().length_left(), 0U);
}

TEST(RequestParser, knows_who_keeps_the_connection) {
  EXPECT_TRUE(Parsed(get("")).parser().keeps_alive());
  EXPECT_FALSE(Parsed(get("Connection: x, Close\r\n")).parser().keeps_alive());
  EXPECT_FALSE(Parsed("GET / HTTP/1.0\r\n\r\n").parser().keeps_alive());
  EXPECT_TRUE(Parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").parser().keeps_alive());
}

TEST(RequestParser, takes_any_method) {
  const Parsed parsed("BREW / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(parsed.progress, Progress::ready);
  EXPECT_EQ(parsed.request.method, Method::other);
  EXPECT_EQ(parsed.request.method_name, "BREW");
}

TEST(RequestParser, knows_the_question_about_the_server_itself) {
  EXPECT_TRUE(Parsed("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").parser().concerns_server());
  EXPECT_EQ(Parsed("GET * HTTP/1.1\r\nHost: x\r\n\r\n").refused(), 400U);
}

TEST(RequestParser, waits_for_more) {
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: x\r\n").progress, Progress::needs_more);
  EXPECT_EQ(Parsed("G").progress, Progress::needs_more);
}

struct Refused {
  std::string request;
  unsigned status;
};

class RefusedRequest : public testing::TestWithParam<Refused> {};

TEST_P(RefusedRequest, has_its_status_however_it_is_cut) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, SIZE_MAX}) {
    EXPECT_EQ(Parsed(GetParam().request, step).refused(), GetParam().status) << step;
  }
}

INSTANTIATE_TEST_SUITE_P(
    RequestLine, RefusedRequest,
    testing::Values(Refused{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls"s, 400},
                    Refused{"GET /\r\n\r\n", 400},
                    Refused{"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
                    Refused{"GET / \r\n\r\n\r\n\r\n", 400}, Refused{"G@T / HTTP/1.1\r\n\r\n", 400},
                    Refused{"GET / HTTP/1.1\nHost: x\n\n\r\n\r\n", 400},
                    Refused{"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"s, 400},
                    Refused{"GET / HTTP/2.0\r\n\r\n", 505}, Refused{"GET / HTTP/0.9\r\n\r\n", 505},
                    Refused{"GET / HTTQ/1.1\r\n\r\n", 400}, Refused{"GET / HTTP/1.10\r\n\r\n", 400},
                    Refused{"GET /../a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
                    Refused{"CONNECT a:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400}));

INSTANTIATE_TEST_SUITE_P(
    Fields, RefusedRequest,
    testing::Values(Refused{"GET / HTTP/1.1\r\n\r\n", 400}, Refused{get("Host: x\r\n"), 400},
                    Refused{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
                    Refused{"GET / HTTP/1.1\r\nHost: <a>\r\n\r\n", 400},
                    Refused{"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
                    Refused{get("A: b\r\n c\r\n"), 400}, Refused{get("A:\r\n c\r\n"), 400},
                    Refused{get("A: b\r\n \r\n"), 400}, Refused{get("A: b\0c\r\n"s), 400},
                    Refused{get("A: b\x01\r\n"), 400}, Refused{get("A: b\x7f\r\n"), 400},
                    Refused{get("A: b\nC: d\r\n"), 400}, Refused{get("A: b\rC: d\r\n"), 400},
                    Refused{get("A : b\r\n"), 400}, Refused{get(": b\r\n"), 400},
                    Refused{get("A b\r\n"), 400}, Refused{get(" A: b\r\n"), 400},
                    Refused{get("Expect: 200-ok\r\n"), 417}));

INSTANTIATE_TEST_SUITE_P(
    Framing, RefusedRequest,
    testing::Values(
        Refused{get("Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
        Refused{get("Content-Length: 1, 2\r\n"), 400}, Refused{get("Content-Length: -1\r\n"), 400},
        Refused{get("Content-Length: +1\r\n"), 400}, Refused{get("Content-Length: 0x1\r\n"), 400},
        Refused{get("Content-Length: 1 1\r\n"), 400}, Refused{get("Content-Length: \r\n"), 400},
        Refused{get("Content-Length: 99999999999999999999\r\n"), 400},
        Refused{get("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        Refused{get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        Refused{get("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n"), 400},
        Refused{get("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 501},
        Refused{get("Transfer-Encoding: chunked, gzip\r\n"), 400},
        Refused{get("Transfer-Encoding: gzip, chunked\r\n"), 400},
        Refused{get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        Refused{get("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 400},
        Refused{get("Transfer-Encoding: xchunked\r\n"), 501},
        Refused{get("Transfer-Encoding: \"chunked\"\r\n"), 501},
        Refused{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400}));

std::string chunked(const std::string& body) {
  return get("Transfer-Encoding: chunked\r\n") + body;
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, RefusedRequest,
    testing::Values(Refused{chunked("x\r\n"), 400}, Refused{chunked("\r\n\r\n"), 400},
                    Refused{chunked("-1\r\na\r\n"), 400}, Refused{chunked("0x1\r\na\r\n\r\n"), 400},
                    Refused{chunked("1\r\nabc\r\n"), 400}, Refused{chunked("1 \r\na\r\n"), 400},
                    Refused{chunked("ffffffffffffffffff\r\na\r\n"), 400},
                    Refused{chunked("1\r\na\r\n0\r\nbad trailer\r\n\r\n"), 400},
                    Refused{chunked("1\r\na\r\n0\r\nContent-Length: 5\r\n\r\n"), 400}));

TEST(RequestParser, refuses_heads_beyond_the_limit) {
  EXPECT_EQ(Parsed(get("A: " + std::string(500, 'a') + "\r\n"), 100, 400).refused(), 431U);
  EXPECT_EQ(Parsed(get("A: " + std::string(500, 'a') + "\r\n"), SIZE_MAX, 400).refused(), 431U);
  EXPECT_EQ(Parsed("GET /" + std::string(500, 'a'), 100, 400).refused(), 414U);
  EXPECT_EQ(Parsed("GET /" + std::string(500, 'a') + " HTTP/1.1\r\n", SIZE_MAX, 400).refused(),
            414U);
  std::string flood;
  for (int i = 0; i < 100; ++i) flood += "A: b\r\n";
  EXPECT_EQ(Parsed(get(flood), 10, 400).refused(), 431U);
  EXPECT_EQ(Parsed(get(flood), SIZE_MAX, 400).refused(), 431U);
}

TEST(RequestParser, allows_heads_up_to_the_limit) {
  const std::string request = get("A: b\r\n");
  EXPECT_EQ(Parsed(request, SIZE_MAX, request.size()).progress, Progress::ready);
  EXPECT_EQ(Parsed(request, 1, request.size()).progress, Progress::ready);
  EXPECT_EQ(Parsed(request, 1, request.size() - 1).refused(), 431U);
}

TEST(RequestParser, bounds_what_chunks_say_besides_their_bytes) {
  EXPECT_EQ(Parsed(chunked("1;" + std::string(100'000, 'a')), 1000).refused(), 400U);
  std::string extensions;
  for (int i = 0; i < 1000; ++i) extensions += "1;" + std::string(100, 'a') + "\r\nx\r\n";
  EXPECT_EQ(Parsed(chunked(extensions), 1000).refused(), 400U);
  EXPECT_EQ(Parsed(chunked("0\r\nA: " + std::string(100'000, 'a')), 1000).refused(), 400U);
}

}  // namespace
}  // namespace chartmuseum::http
