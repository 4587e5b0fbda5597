// SPDX-License-Identifier: Apache-2.0
#include "http/response.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

std::string error_body(std::string_view message) {
  return std::get<std::string>(json_error(400, message).body);
}

TEST(Reason, is_the_usual_phrase) {
  EXPECT_EQ(reason(200), "OK");
  EXPECT_EQ(reason(201), "Created");
  EXPECT_EQ(reason(404), "Not Found");
  EXPECT_EQ(reason(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason(507), "Insufficient Storage");
}

TEST(JsonError, is_a_json_object_with_the_message) {
  const Response response = json_error(404, "not found");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(std::get<std::string>(response.body), R"({"error":"not found"})");
}

TEST(JsonError, escapes_what_could_end_the_text_or_look_like_markup) {
  EXPECT_EQ(error_body("\"\\ \n\t\r\x01"), R"({"error":"\"\\ \n\t\r\u0001"})");
  EXPECT_EQ(error_body("<b>&"), R"({"error":"\u003cb\u003e\u0026"})");
}

TEST(JsonError, keeps_utf8_and_replaces_what_is_none) {
  EXPECT_EQ(error_body("é€😀"), R"({"error":"é€😀"})");
  EXPECT_EQ(error_body("a\xff\xc3"), R"({"error":"a\ufffd\ufffd"})");
  EXPECT_EQ(error_body("\xc0\xaf"), R"({"error":"\ufffd\ufffd"})");            // overlong
  EXPECT_EQ(error_body("\xed\xa0\x80"), R"({"error":"\ufffd\ufffd\ufffd"})");  // a surrogate
}

}  // namespace
}  // namespace chartmuseum::http
