// SPDX-License-Identifier: Apache-2.0
#include "auth/credentials.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace chartmuseum::auth {
namespace {

/// In one text, for comparing.
struct Description {
  std::string operator()(const NoCredentials&) const { return "none"; }
  std::string operator()(const BasicCredentials& basic) const {
    return "basic " + basic.user + '|' + std::string(basic.password.reveal());
  }
  std::string operator()(const BearerCredentials& bearer) const {
    return "bearer " + std::string(bearer.token.reveal());
  }
  std::string operator()(const UnsupportedScheme&) const { return "unsupported"; }
  std::string operator()(const MalformedCredentials& malformed) const {
    return "malformed: " + std::string(malformed.reason);
  }
};

std::string described(std::string_view value) {
  return std::visit(Description(), parse_credentials(value));
}

bool is_malformed(std::string_view value) {
  return std::holds_alternative<MalformedCredentials>(parse_credentials(value));
}

TEST(Credentials, are_none_where_the_header_is_empty) {
  EXPECT_EQ(described(""), "none");
  EXPECT_EQ(described(" \t "), "none");
}

TEST(Credentials, are_read_as_in_the_examples_of_rfc_7617) {
  EXPECT_EQ(described("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "basic Aladdin|open sesame");
  EXPECT_EQ(described("Basic dGVzdDoxMjPCow=="), "basic test|123\u00a3");
}

TEST(Credentials, may_have_a_colon_in_the_password_but_not_in_the_user) {
  EXPECT_EQ(described("Basic YTpiOmM="), "basic a|b:c");
}

TEST(Credentials, may_have_an_empty_user_or_password) {
  EXPECT_EQ(described("Basic Og=="), "basic |");
  EXPECT_EQ(described("Basic YTo="), "basic a|");
  EXPECT_EQ(described("Basic OmI="), "basic |b");
}

TEST(Credentials, need_no_padding) {
  EXPECT_EQ(described("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ"), "basic Aladdin|open sesame");
  EXPECT_EQ(described("Basic YTpiOmM"), "basic a|b:c");
}

TEST(Credentials, have_a_scheme_in_any_case_and_blanks_around_it) {
  EXPECT_EQ(described("bAsIc YTpiOmM="), "basic a|b:c");
  EXPECT_EQ(described("BASIC YTpiOmM="), "basic a|b:c");
  EXPECT_EQ(described(" Basic    YTpiOmM= \t"), "basic a|b:c");
  EXPECT_EQ(described("bearer abc"), "bearer abc");
}

TEST(Credentials, are_malformed_if_the_base64_is_not_strict) {
  for (const char* value :
       {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ===", "Basic =",
        "Basic ====", "Basic Y", "Basic YTpi OmM=", "Basic YTpi\nOmM=", "Basic YTpiOm=M",
        "Basic YTpi_m-=", "Basic YTpiOmN=", "Basic \"YTpiOmM=\"", "Basic YTpiOmM=,"}) {
    EXPECT_TRUE(is_malformed(value)) << value;
  }
  EXPECT_EQ(described("Basic !"), "malformed: the basic credentials are not base64");
}

TEST(Credentials, are_malformed_without_a_colon) {
  EXPECT_EQ(described("Basic YWxpY2U="), "malformed: the basic credentials have no colon");
}

TEST(Credentials, are_malformed_with_a_control_character) {
  constexpr std::string_view kMalformed =
      "malformed: the basic credentials hold a control character";
  EXPECT_EQ(described("Basic YTpiCg=="), kMalformed);  // "a:b\n"
  EXPECT_EQ(described("Basic YQA6Yg=="), kMalformed);  // "a\0:b"
  EXPECT_EQ(described("Basic YTp/"), kMalformed);      // "a:\x7f"
}

TEST(Credentials, are_malformed_if_they_are_not_utf_8) {
  // "test:123\xa3", as a client of the last century writes the pound sign
  EXPECT_EQ(described("Basic dGVzdDoxMjOj"), "malformed: the basic credentials are not UTF-8");
}

TEST(Credentials, may_be_a_bearer_token_as_in_rfc_6750) {
  EXPECT_EQ(described("Bearer mF_9.B5f-4.1JqM"), "bearer mF_9.B5f-4.1JqM");
  EXPECT_EQ(described("Bearer a~+/=="), "bearer a~+/==");
}

TEST(Credentials, are_malformed_with_a_token_of_other_characters) {
  for (const char* value : {"Bearer a b", "Bearer =", "Bearer a=b", "Bearer \"a\"", "Bearer a,b",
                            "Bearer \xc3\xa9", "Bearer a\tb"}) {
    EXPECT_TRUE(is_malformed(value)) << value;
  }
}

TEST(Credentials, are_malformed_with_nothing_but_a_scheme) {
  EXPECT_EQ(described("Basic"), "malformed: the Authorization header has only a scheme");
  EXPECT_EQ(described("Bearer  "), "malformed: the Authorization header has only a scheme");
}

TEST(Credentials, of_other_schemes_are_not_supported) {
  EXPECT_EQ(described("Digest username=\"Mufasa\", realm=\"x\""), "unsupported");
  EXPECT_EQ(described("Negotiate"), "unsupported");
  EXPECT_EQ(described("Basics YTpiOmM="), "unsupported");
}

TEST(Credentials, are_malformed_without_a_scheme) {
  for (const char* value :
       {"Basic\tYTpiOmM=", "=", "\"Basic\" YTpiOmM=", "a:b", "B\xc3\xa4sic x"}) {
    EXPECT_TRUE(is_malformed(value)) << value;
  }
}

TEST(Credentials, are_malformed_above_24_kib) {
  EXPECT_EQ(described("Bearer " + std::string(kLargestCredentials - 7, 'x')),
            "bearer " + std::string(kLargestCredentials - 7, 'x'));
  EXPECT_EQ(described("Bearer " + std::string(kLargestCredentials - 6, 'x')),
            "malformed: the Authorization header is too large");
  EXPECT_TRUE(is_malformed("Bearer " + std::string(1 << 20, 'x')));
}

}  // namespace
}  // namespace chartmuseum::auth
