// SPDX-License-Identifier: Apache-2.0
#include "http/response_head.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string head_of(const Response& response, const Framing& framing = {}) {
  std::string out;
  append_head(out, response, framing, "the-id");
  return out;
}

Response text_response() {
  Response response;
  response.headers.add("Content-Type", "text/plain");
  response.headers.add("ETag", "\"v1\"");
  response.body = "0123456789";
  return response;
}

Request get(std::initializer_list<Headers::Field> fields) {
  Request request;
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

TEST(ResponseHead, says_what_the_server_knows) {
  const std::string head = head_of(text_response());
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 10\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Request-Id: the-id\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nDate: "));
  EXPECT_THAT(head, Not(HasSubstr("Connection")));
  EXPECT_THAT(head, testing::EndsWith("\r\n\r\n"));
}

TEST(ResponseHead, keeps_browsers_from_guessing_types) {
  EXPECT_THAT(head_of(text_response()), HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
}

TEST(ResponseHead, keeps_browsers_from_plain_http_only_over_tls) {
  EXPECT_THAT(head_of(text_response()), Not(HasSubstr("Strict-Transport-Security")));
  EXPECT_THAT(head_of(text_response(), {.secure = true}),
              HasSubstr("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
}

TEST(ResponseHead, goes_before_what_the_handler_says_about_the_connection) {
  Response response = text_response();
  response.headers.add("content-length", "99");
  response.headers.add("X-Request-ID", "another");
  response.headers.add("Transfer-Encoding", "chunked");
  const std::string head = head_of(response);
  EXPECT_THAT(head, Not(HasSubstr("99")));
  EXPECT_THAT(head, Not(HasSubstr("another")));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
}

TEST(ResponseHead, leaves_out_a_field_that_would_become_two) {
  Response response = text_response();
  response.headers.add("X-Chart", "a\r\nSet-Cookie: b");
  response.headers.add("X-\nName", "c");
  const std::string head = head_of(response);
  EXPECT_THAT(head, Not(HasSubstr("Set-Cookie")));
  EXPECT_THAT(head, Not(HasSubstr("Name")));
}

TEST(ResponseHead, says_whether_the_connection_stays) {
  EXPECT_THAT(head_of({}, {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(head_of({}, {.keep_alive = true, .http11 = false}),
              HasSubstr("Connection: keep-alive\r\n"));
}

TEST(ResponseHead, has_no_length_where_there_is_never_a_body) {
  Response response;
  response.status = 204;
  EXPECT_THAT(head_of(response), Not(HasSubstr("Content-Length")));
  response.status = 200;
  EXPECT_THAT(head_of(response), HasSubstr("Content-Length: 0\r\n"));
}

TEST(SatisfyConditions, turns_a_known_tag_into_304_without_body) {
  Response response = text_response();
  satisfy_conditions(get({{"If-None-Match", "\"v1\""}}), response);
  EXPECT_EQ(response.status, 304U);
  EXPECT_EQ(body_length(response.body), 0U);
  EXPECT_EQ(response.headers.get("ETag"), "\"v1\"");
  EXPECT_EQ(response.headers.get("Content-Type"), std::nullopt);
}

TEST(SatisfyConditions, leaves_other_methods_and_statuses_alone) {
  Request post = get({{"If-None-Match", "*"}, {"Range", "bytes=0-1"}});
  post.method = Method::post;
  Response response = text_response();
  satisfy_conditions(post, response);
  EXPECT_EQ(response.status, 200U);

  response.status = 404;
  satisfy_conditions(get({{"If-None-Match", "*"}, {"Range", "bytes=0-1"}}), response);
  EXPECT_EQ(response.status, 404U);
}

TEST(SatisfyConditions, leaves_a_response_without_validators_alone) {
  Response response = text_response();
  response.headers.remove("ETag");
  satisfy_conditions(get({{"If-None-Match", "*"}, {"Range", "bytes=0-1"}}), response);
  EXPECT_EQ(response.status, 200U);
}

TEST(SatisfyConditions, cuts_a_text) {
  Response response = text_response();
  satisfy_conditions(get({{"Range", "bytes=2-4"}}), response);
  EXPECT_EQ(response.status, 206U);
  EXPECT_EQ(std::get<std::string>(response.body), "234");
  EXPECT_EQ(response.headers.get("Content-Range"), "bytes 2-4/10");
}

TEST(SatisfyConditions, cuts_a_rope_across_its_pieces) {
  Response response = text_response();
  Rope rope;
  for (const char* piece : {"012", "34", "56789"}) rope.append(std::string(piece));
  for (std::size_t first = 0; first < 10; ++first) {
    for (std::size_t last = first; last < 10; ++last) {
      response = text_response();
      response.body = std::make_shared<const Rope>(rope);
      satisfy_conditions(
          get({{"Range", "bytes=" + std::to_string(first) + '-' + std::to_string(last)}}),
          response);
      EXPECT_EQ(std::get<std::shared_ptr<const Rope>>(response.body)->to_string(),
                std::string("0123456789").substr(first, last - first + 1));
    }
  }
}

TEST(SatisfyConditions, moves_a_file_range) {
  Response response = text_response();
  response.body = FileRange{nullptr, 1000, 500};
  satisfy_conditions(get({{"Range", "bytes=-100"}}), response);
  EXPECT_EQ(std::get<FileRange>(response.body).offset, 1400U);
  EXPECT_EQ(std::get<FileRange>(response.body).length, 100U);
}

TEST(SatisfyConditions, sends_a_stream_whole) {
  Response response = text_response();
  response.body = BodyStream{nullptr, 10};
  satisfy_conditions(get({{"Range", "bytes=-5"}}), response);
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.headers.get("Accept-Ranges"), std::nullopt);
}

TEST(SatisfyConditions, answers_an_unsatisfiable_range_with_416) {
  Response response = text_response();
  satisfy_conditions(get({{"Range", "bytes=10-"}}), response);
  EXPECT_EQ(response.status, 416U);
  EXPECT_EQ(response.headers.get("Content-Range"), "bytes */10");
  EXPECT_THAT(std::get<std::string>(response.body), HasSubstr("error"));
}

TEST(SatisfyConditions, answers_a_failed_precondition_with_412) {
  Response response = text_response();
  response.log = false;
  satisfy_conditions(get({{"If-Match", "\"v2\""}}), response);
  EXPECT_EQ(response.status, 412U);
  EXPECT_FALSE(response.log);
}

}  // namespace
}  // namespace chartmuseum::http
