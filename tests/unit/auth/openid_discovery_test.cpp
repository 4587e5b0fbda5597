// SPDX-License-Identifier: Apache-2.0
#include "auth/openid_discovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

using testing::HasSubstr;

IssuerName issuer(const std::string& url, bool allow_http = false) {
  return IssuerName::read(url, allow_http).value();
}

std::string description(const std::string& issuer, const std::string& keys) {
  return R"({"issuer":")" + issuer + R"(","jwks_uri":")" + keys + R"(","x":[1]})";
}

TEST(IssuerName, is_a_url_with_tls) {
  EXPECT_TRUE(IssuerName::read("https://login.example.com/realms/a", false));
  for (const char* url :
       {"", "login.example.com", "https://a?x=1", "https://a#x", "https://u:p@a", "ftp://a"}) {
    const auto name = IssuerName::read(url, false);
    ASSERT_FALSE(name) << url;
    EXPECT_THAT(name.error(), HasSubstr("an issuer is a URL"));
  }
}

TEST(IssuerName, may_do_without_tls_on_this_machine_or_where_that_is_allowed) {
  EXPECT_TRUE(IssuerName::read("http://127.0.0.1:8080", false));
  EXPECT_FALSE(IssuerName::read("http://login.example.com", false));
  EXPECT_TRUE(IssuerName::read("http://login.example.com", true));
}

TEST(IssuerName, is_described_below_a_well_known_path) {
  EXPECT_EQ(issuer("https://a/realm").discovery_url(),
            "https://a/realm/.well-known/openid-configuration");
  EXPECT_EQ(issuer("https://a/realm/").discovery_url(),
            "https://a/realm/.well-known/openid-configuration");
}

TEST(Discovery, says_where_the_keys_are) {
  EXPECT_EQ(
      read_discovery(description("https://a", "https://keys.b/jwks?v=1"), issuer("https://a")),
      "https://keys.b/jwks?v=1");
}

TEST(Discovery, of_another_issuer_is_refused_with_both_names) {
  const auto keys =
      read_discovery(description("https://a/", "https://a/jwks"), issuer("https://a"));
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error(), "its description is of the issuer \"https://a/\", not of \"https://a\"");
  EXPECT_FALSE(read_discovery(R"({"jwks_uri":"https://a/jwks"})", issuer("https://a")));
  EXPECT_FALSE(read_discovery(R"({"issuer":["https://a"],"jwks_uri":"https://a/jwks"})",
                              issuer("https://a")));
}

TEST(Discovery, must_not_lead_to_keys_without_tls) {
  EXPECT_EQ(read_discovery(description("https://a", "http://a/jwks"), issuer("https://a")),
            std::unexpected("its jwks_uri is not https"));
  EXPECT_EQ(read_discovery(description("https://a", "http://localhost/jwks"), issuer("https://a")),
            std::unexpected("its jwks_uri is not https"));
  EXPECT_EQ(read_discovery(description("http://localhost", "http://localhost/jwks"),
                           issuer("http://localhost")),
            "http://localhost/jwks");
  EXPECT_EQ(read_discovery(description("http://a", "http://a/jwks"), issuer("http://a", true)),
            "http://a/jwks");
}

TEST(Discovery, is_refused_when_it_is_none) {
  for (const char* text :
       {"", "<html>", "[]", "{}", R"({"issuer":"https://a"})",
        R"({"issuer":"https://a","jwks_uri":7})", R"({"issuer":"https://a","jwks_uri":""})",
        R"({"issuer":"https://a","jwks_uri":"/jwks"})",
        R"({"issuer":"https://a","jwks_uri":"file:///etc/passwd"})",
        R"({"issuer":"https://a","jwks_uri":"https://u:p@a"})"}) {
    EXPECT_FALSE(read_discovery(text, issuer("https://a"))) << text;
  }
}

}  // namespace
}  // namespace chartmuseum::auth
