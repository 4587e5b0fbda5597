// SPDX-License-Identifier: Apache-2.0
#include "base/http_date.hpp"
#include "storage/google/authorized_user.hpp"
#include "storage/google/metadata_server.hpp"
#include "storage/google/service_account.hpp"
#include "storage/google/token_request.hpp"
#include "unit/storage/google/token_fixture.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::storage::google {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using std::chrono::sys_days;
using std::chrono::system_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr auto kNow = sys_days(2026y / 1 / 2) + 3h;

class ServiceAccountTest : public TokenTest {
 protected:
  [[nodiscard]] std::shared_ptr<ServiceAccount> account() const {
    return ServiceAccount::read(service_account_file(server_->url("/token")), client_,
                                [] { return system_clock::time_point(kNow); })
        .value();
  }
};

TEST_F(ServiceAccountTest, signs_what_asks_for_its_token) {
  serve([](const ReceivedRequest&) { return token_answer("ya29.token", 3599); });
  EXPECT_EQ(token_of(*account()), "ya29.token");
  ASSERT_EQ(requests().size(), 1U);
  EXPECT_EQ(requests()[0].line, "POST /token HTTP/1.1");
  EXPECT_EQ(requests()[0].header("content-type"), "application/x-www-form-urlencoded");
  const auto form = form_in(requests()[0].body);
  EXPECT_EQ(form.at("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const std::string assertion = form.at("assertion");
  const std::size_t first = assertion.find('.');
  const std::size_t second = assertion.rfind('.');
  const boost::json::object header = json_of_base64url(assertion.substr(0, first));
  EXPECT_EQ(header, (boost::json::object{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "ffff"}}));
  const boost::json::object claims =
      json_of_base64url(assertion.substr(first + 1, second - first - 1));
  EXPECT_EQ(claims, (boost::json::object{{"iss", kPublishedAccount},
                                         {"scope", kStorageScope},
                                         {"aud", server_->url("/token")},
                                         {"iat", kNow.time_since_epoch() / 1s},
                                         {"exp", (kNow + 1h).time_since_epoch() / 1s}}));
  EXPECT_EQ(assertion.substr(second + 1),
            base64url(RsaKey::from_pem(kPublishedKey)->sign(assertion.substr(0, second))));
}

TEST_F(ServiceAccountTest, uses_the_services_clock_where_its_own_is_wrong) {
  int asked = 0;
  serve([&asked](const ReceivedRequest&) {
    return ++asked == 1 ? status("400 Bad Request", R"({"error":"invalid_grant"})",
                                 "Date: " + format_http_date(kNow + 25h) + "\r\n")
                        : token_answer("token");
  });
  EXPECT_EQ(token_of(*account()), "token");
  const std::string assertion = form_in(requests()[1].body).at("assertion");
  const std::size_t first = assertion.find('.');
  const boost::json::object claims =
      json_of_base64url(assertion.substr(first + 1, assertion.rfind('.') - first - 1));
  EXPECT_EQ(claims.at("iat"), (kNow + 25h).time_since_epoch() / 1s);
}

TEST_F(ServiceAccountTest, asks_once_more_only_where_clocks_differ) {
  serve([](const ReceivedRequest&) {
    return status("400 Bad Request",
                  R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})",
                  "Date: " + format_http_date(kNow + 3s) + "\r\n");
  });
  EXPECT_THAT(detail_of(*account()),
              AllOf(HasSubstr(kPublishedAccount), HasSubstr("400: invalid_grant"),
                    HasSubstr("Invalid JWT Signature."), Not(HasSubstr("ey"))));
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(ServiceAccountTest, tells_refusals_from_outages) {
  std::string answer;
  serve([&answer](const ReceivedRequest&) { return answer; });
  const std::pair<std::string, std::string> outcomes[] = {
      {status("400 Bad Request"), "denied"},
      {status("401 Unauthorized"), "denied"},
      {status("403 Forbidden"), "denied"},
      {status("404 Not Found"), "denied"},
      {status("302 Found", "", "Location: http://127.0.0.1/\r\n"), "unavailable"},
      {status("500 Internal Server Error"), "unavailable"},
      {status("429 Too Many Requests"), "throttled"},
      {ok(""), "unavailable"},
      {ok("<html>"), "unavailable"},
      {ok("{}"), "unavailable"},
      {ok(R"({"access_token":""})"), "unavailable"},
      {ok(R"({"access_token":7})"), "unavailable"},
      {ok(R"({"access_token":"a\r\nX-Other: b"})"), "unavailable"},
      {ok(R"({"access_token":"a"})"), "a"},
      {ok(R"({"access_token":"a","expires_in":"3599"})"), "a"},
      {ok(R"({"access_token":"a","expires_in":-1})"), "a"},
      {ok(R"({"access_token":"a","expires_in":9223372036854775807})"), "a"},
      {ok(R"({"access_token":"a","expires_in":1e300})"), "a"},
  };
  for (const auto& [said, expected] : outcomes) {
    answer = said;
    EXPECT_EQ(token_of(*account()), expected) << said;
  }
}

TEST_F(ServiceAccountTest, refuses_files_that_lack_something) {
  const boost::json::object whole = service_account_file("https://oauth2.googleapis.com/token");
  EXPECT_TRUE(ServiceAccount::read(whole, client_));
  const std::pair<const char*, boost::json::value> changes[] = {
      {"client_email", nullptr},
      {"client_email", ""},
      {"private_key", nullptr},
      {"private_key", "no key"},
      {"token_uri", "http://oauth2.googleapis.com/token"},
      {"token_uri", "https://user@oauth2.googleapis.com/"},
      {"token_uri", "file:///etc/passwd"},
      {"token_uri", ""}};
  for (const auto& [member, value] : changes) {
    boost::json::object file = whole;
    file[member] = value;
    const auto account = ServiceAccount::read(file, client_);
    ASSERT_FALSE(account) << member << value;
    EXPECT_THAT(account.error(), HasSubstr(member));
    EXPECT_THAT(account.error(), Not(HasSubstr("PRIVATE")));
  }
}

TEST(TokenRequest, tells_secrets_only_to_https_and_to_this_machine) {
  for (const char* const url :
       {"https://oauth2.googleapis.com/token", "https://x:8443", "http://127.0.0.1:80/a",
        "http://localhost/a", "http://[::1]:9/a", "HTTPS://x/"}) {
    EXPECT_TRUE(may_be_told_secrets(url)) << url;
  }
  for (const char* const url :
       {"", "https://", "http://x/", "http://localhost.example/", "http://127.0.0.1.example/",
        "http://localhost@x/", "https://a@b/", "ftp://localhost/", "//localhost/", "http://[::1",
        "https://x/\r\n", "http:///localhost"}) {
    EXPECT_FALSE(may_be_told_secrets(url)) << url;
  }
}

using AuthorizedUserTest = TokenTest;

TEST_F(AuthorizedUserTest, exchanges_the_refresh_token) {
  serve([](const ReceivedRequest&) { return token_answer("ya29.user"); });
  const auto user = read_authorized_user(authorized_user_file(server_->url("/token")), client_);
  EXPECT_EQ(token_of(*user.value()), "ya29.user");
  EXPECT_EQ(form_in(requests()[0].body),
            (std::map<std::string, std::string>{{"grant_type", "refresh_token"},
                                                {"client_id", "the-client"},
                                                {"client_secret", "the-secret"},
                                                {"refresh_token", "1//refresh"}}));
}

TEST_F(AuthorizedUserTest, needs_all_of_the_login) {
  for (const char* const member : {"client_id", "client_secret", "refresh_token"}) {
    boost::json::object file = authorized_user_file("https://oauth2.googleapis.com/token");
    file.erase(member);
    const auto user = read_authorized_user(file, client_);
    ASSERT_FALSE(user);
    EXPECT_THAT(user.error(), HasSubstr(member));
  }
}

TEST_F(AuthorizedUserTest, does_not_repeat_what_the_service_repeats_of_its_secrets) {
  const std::string secret = "1//0" + std::string(100, 'g');
  serve([&](const ReceivedRequest&) {
    return status("400 Bad Request",
                  R"({"error":"invalid_grant","error_description":"Bad token )" + secret + "\"}");
  });
  const auto user = read_authorized_user(authorized_user_file(server_->url("/token")), client_);
  EXPECT_THAT(detail_of(*user.value()),
              AllOf(HasSubstr("invalid_grant Bad token ..."), Not(HasSubstr("ggg"))));
}

class MetadataServerTest : public TokenTest {
 protected:
  [[nodiscard]] std::shared_ptr<TokenSource> machine() const {
    return make_metadata_server("127.0.0.1:" + std::to_string(server_->port()), client_);
  }
};

std::string with_flavor(const std::string& line, const std::string& body) {
  return status(line, body, "Metadata-Flavor: Google\r\n");
}

TEST_F(MetadataServerTest, is_asked_for_the_token_of_the_machine) {
  serve([](const ReceivedRequest&) {
    return with_flavor("200 OK", R"({"access_token":"ya29.machine","expires_in":300})");
  });
  EXPECT_EQ(token_of(*machine()), "ya29.machine");
  EXPECT_EQ(requests()[0].header("metadata-flavor"), "Google");
  EXPECT_THAT(requests()[0].line,
              HasSubstr("GET /computeMetadata/v1/instance/service-accounts/default/token?scopes="
                        "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdevstorage.full_control "));
}

TEST_F(MetadataServerTest, is_told_from_other_servers) {
  std::string answer;
  serve([&answer](const ReceivedRequest&) { return answer; });
  answer = ok(R"({"access_token":"of somebody"})");
  EXPECT_EQ(token_of(*machine()), "unavailable");
  EXPECT_THAT(detail_of(*machine()), HasSubstr("is no metadata server"));
  answer = with_flavor("404 Not Found", "");
  EXPECT_EQ(token_of(*machine()), "denied");
  answer = with_flavor("503 Service Unavailable", "");
  EXPECT_EQ(token_of(*machine()), "unavailable");
}

TEST_F(MetadataServerTest, that_is_not_there_is_an_outage) {
  serve([](const ReceivedRequest&) { return ok(""); });
  const auto machine_without = machine();
  server_.reset();
  EXPECT_EQ(token_of(*machine_without), "unavailable");
}

}  // namespace
}  // namespace chartmuseum::storage::google
