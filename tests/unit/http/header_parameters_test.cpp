// SPDX-License-Identifier: Apache-2.0
#include "http/header_parameters.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::http {
namespace {

TEST(HeaderParameters, reads_tokens_and_quoted_strings) {
  const auto value = parse_parameters("Form-Data; Name=\"chart\" ; filename=a.tgz; x = \"; \"");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->value, "form-data");
  EXPECT_EQ(value->get("name"), "chart");
  EXPECT_EQ(value->get("filename"), "a.tgz");
  EXPECT_EQ(value->get("x"), "; ");
  EXPECT_EQ(value->get("y"), std::nullopt);
}

TEST(HeaderParameters, undoes_escapes_but_keeps_windows_paths) {
  const auto value = parse_parameters(R"(form-data; a="say \"hi\" \\"; b="C:\charts\a.tgz")");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->get("a"), R"(say "hi" \)");
  EXPECT_EQ(value->get("b"), R"(C:\charts\a.tgz)");
}

TEST(HeaderParameters, an_extended_parameter_goes_before_the_plain_one) {
  for (const char* text : {"a; filename=\"x\"; filename*=UTF-8''%e2%82%ac%20rates.tgz",
                           "a; filename*=utf-8'en'%e2%82%ac%20rates.tgz; filename=\"x\""}) {
    const auto value = parse_parameters(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->get("filename"), "€ rates.tgz");
  }
}

TEST(HeaderParameters, an_extended_parameter_that_is_broken_leaves_the_plain_one) {
  for (const char* text : {"a; f=x; f*=UTF-8''%zz", "a; f=x; f*=latin1''a", "a; f=x; f*=nothing",
                           "a; f=x; f*=UTF-8''%e", "a; f=x; f*=UTF-8'"}) {
    const auto value = parse_parameters(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->get("f"), "x") << text;
  }
}

TEST(HeaderParameters, allows_a_last_semicolon) {
  EXPECT_TRUE(parse_parameters("a; b=c; "));
}

TEST(HeaderParameters, refuses_what_is_malformed) {
  for (const char* text : {"", "; a=b", "a; b", "a; b=", "a; =c", "a; b=\"c", "a; b=c d",
                           "a; b=c; b=d", "a; b=\"c\"d=e", "a; B=1; b=2"}) {
    EXPECT_FALSE(parse_parameters(text)) << text;
  }
}

TEST(HeaderParameters, refuses_a_flood_of_parameters) {
  std::string text = "a";
  for (int i = 0; i < 1000; ++i) text += ";p" + std::to_string(i) + "=1";
  EXPECT_FALSE(parse_parameters(text));
}

}  // namespace
}  // namespace chartmuseum::http
