// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace chartmuseum::api {
namespace {

TEST(Answers, of_json_name_their_charset) {
  const http::Response response = json_answer(201, std::string("{}"));
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json; charset=utf-8");
}

TEST(Answers, quote_the_entity_tag) {
  http::Response response;
  set_etag(response, "5f-12");
  EXPECT_EQ(response.headers.get("ETag"), "\"5f-12\"");
}

TEST(Answers, leave_out_an_entity_tag_that_cannot_be_quoted) {
  for (const std::string bad : {"", "a\"b", "a b", "a\r\nSet-Cookie: b", "\x7f"}) {
    http::Response response;
    set_etag(response, bad);
    EXPECT_FALSE(response.headers.get("ETag")) << bad;
  }
}

TEST(Answers, give_the_time_of_change_in_whole_seconds) {
  using namespace std::chrono_literals;
  http::Response response;
  set_last_modified(response, Timestamp(784111777s + 999ms));
  EXPECT_EQ(response.headers.get("Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace chartmuseum::api
