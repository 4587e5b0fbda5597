// SPDX-License-Identifier: Apache-2.0
#include "storage/google/external_account.hpp"

#include "conformance/temporary_folder.hpp"
#include "storage/google/impersonation.hpp"
#include "unit/storage/google/token_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace chartmuseum::storage::google {
namespace {

using namespace test;  // NOLINT: a test's own helpers
namespace json = boost::json;
using testing::HasSubstr;

class ExternalAccountTest : public TokenTest {
 protected:
  /// A pool of identities whose provider, token service and account service are the script.
  [[nodiscard]] json::object file(json::object source) const {
    return {{"type", "external_account"},
            {"audience", "//iam.googleapis.com/projects/1/locations/global/pools/p"},
            {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"},
            {"token_url", server_->url("/sts")},
            {"credential_source", std::move(source)}};
  }

  [[nodiscard]] std::shared_ptr<TokenSource> account(const json::object& of) const {
    return read_external_account(of, client_).value();
  }

  std::string token_file(const std::string& text) const {
    const auto path = folder_.path() / "token";
    std::ofstream(path) << text;
    return path.string();
  }

  TemporaryFolder folder_;
};

TEST_F(ExternalAccountTest, exchanges_the_token_in_a_file) {
  serve([](const ReceivedRequest&) { return token_answer("federated"); });
  EXPECT_EQ(token_of(*account(file({{"file", token_file("from-the-provider\n")}}))), "federated");
  EXPECT_EQ(requests()[0].line, "POST /sts HTTP/1.1");
  EXPECT_EQ(form_in(requests()[0].body),
            (std::map<std::string, std::string>{
                {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                {"audience", "//iam.googleapis.com/projects/1/locations/global/pools/p"},
                {"scope", kStorageScope},
                {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                {"subject_token", "from-the-provider"},
                {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"}}));
}

TEST_F(ExternalAccountTest, reads_the_file_anew_each_time) {
  serve([](const ReceivedRequest&) { return token_answer("federated"); });
  const auto source = account(file({{"file", token_file("first")}}));
  token_of(*source);
  token_file("second");
  token_of(*source);
  EXPECT_EQ(form_in(requests()[1].body).at("subject_token"), "second");
}

TEST_F(ExternalAccountTest, exchanges_the_token_from_a_url) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("GET /identity?x=1 ") ? ok(R"({"access_token":"from-azure"})")
                                                          : token_answer("federated");
  });
  EXPECT_EQ(token_of(*account(file(
                {{"url", server_->url("/identity?x=1")},
                 {"headers", {{"Metadata", "True"}}},
                 {"format", {{"type", "json"}, {"subject_token_field_name", "access_token"}}}}))),
            "federated");
  EXPECT_EQ(requests()[0].header("metadata"), "True");
  EXPECT_EQ(form_in(requests()[1].body).at("subject_token"), "from-azure");
}

TEST_F(ExternalAccountTest, is_given_the_token_of_a_service_account) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("POST /sts ")
               ? token_answer("federated")
               : ok(R"({"accessToken":"impersonated","expireTime":"2099-01-02T03:04:05Z"})");
  });
  json::object of = file({{"file", token_file("provided")}});
  of["service_account_impersonation_url"] = server_->url("/sa:generateAccessToken");
  of["service_account_impersonation"] = {{"token_lifetime_seconds", 1200}};
  const auto token = run_task(account(of)->fetch(kStorageScope));
  ASSERT_TRUE(token) << token.error().detail;
  EXPECT_EQ(token->value, "impersonated");
  EXPECT_EQ(token->expires,
            std::chrono::sys_days(std::chrono::January / 2 / 2099) + std::chrono::seconds(11045));
  EXPECT_EQ(form_in(requests()[0].body).at("scope"), kPlatformScope);
  EXPECT_EQ(requests()[1].header("authorization"), "Bearer federated");
  EXPECT_EQ(encoding::read_json_object(requests()[1].body).value(),
            (json::object{
                {"delegates", json::array()}, {"scope", {kStorageScope}}, {"lifetime", "1200s"}}));
}

TEST_F(ExternalAccountTest, says_who_its_client_is_where_it_has_one) {
  serve([](const ReceivedRequest&) { return token_answer("federated"); });
  json::object of = file({{"file", token_file("provided")}});
  of["workforce_pool_user_project"] = "billed";
  token_of(*account(of));
  EXPECT_EQ(form_in(requests()[0].body).at("options"), R"({"userProject":"billed"})");
  of["client_id"] = "Aladdin";
  of["client_secret"] = "open sesame";
  token_of(*account(of));
  EXPECT_EQ(requests()[1].header("authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(ExternalAccountTest, fails_where_the_provider_has_no_token) {
  std::string provided;
  serve([&provided](const ReceivedRequest& request) {
    return request.line.starts_with("GET") ? provided : token_answer("federated");
  });
  const json::value in_json = {{"type", "json"}, {"subject_token_field_name", "t"}};
  EXPECT_EQ(token_of(*account(file({{"file", "/absent"}}))), "denied");
  EXPECT_THAT(detail_of(*account(file({{"file", "/absent"}}))), HasSubstr("/absent"));
  EXPECT_EQ(token_of(*account(file({{"file", token_file("\n")}}))), "denied");
  EXPECT_EQ(token_of(*account(file({{"file", token_file("{}")}, {"format", in_json}}))), "denied");
  const auto from_url = account(file({{"url", server_->url("/t")}, {"format", in_json}}));
  const std::pair<std::string, std::string> outcomes[] = {
      {ok(R"({"t":"token"})"), "federated"},
      {ok(R"({"t":7})"), "denied"},
      {ok("<html>"), "denied"},
      {status("403 Forbidden"), "denied"},
      {status("503 Service Unavailable"), "unavailable"}};
  for (const auto& [answer, expected] : outcomes) {
    provided = answer;
    EXPECT_EQ(token_of(*from_url), expected) << answer;
  }
}

TEST_F(ExternalAccountTest, refuses_what_it_cannot_use) {
  serve([](const ReceivedRequest&) { return ok(""); });
  const std::pair<json::object, const char*> sources[] = {
      {{}, "credential_source"},
      {{{"environment_id", "aws1"}, {"url", "http://169.254.169.254"}}, "AWS"},
      {{{"executable", {{"command", "/bin/x"}}}}, "not supported"},
      {{{"file", "/t"}, {"url", "http://x"}}, "neither"},
      {{{"file", "/t"}, {"format", "json"}}, "format"},
      {{{"file", "/t"}, {"format", {{"type", "json"}}}}, "subject_token_field_name"},
      {{{"url", "http://x"}, {"headers", {{"a", 1}}}}, "headers"},
      {{{"url", "http://x"}, {"headers", {{"a", "b\r\nc: d"}}}}, "headers"}};
  for (const auto& [source, problem] : sources) {
    const auto read = read_external_account(file(source), client_);
    ASSERT_FALSE(read) << source;
    EXPECT_THAT(read.error(), HasSubstr(problem));
  }
  for (const char* const member : {"audience", "subject_token_type", "credential_source"}) {
    json::object of = file({{"file", "/t"}});
    of.erase(member);
    const auto read = read_external_account(of, client_);
    ASSERT_FALSE(read) << member;
    EXPECT_THAT(read.error(), HasSubstr(member));
  }
  for (const char* const member : {"token_url", "service_account_impersonation_url"}) {
    json::object of = file({{"file", "/t"}});
    of[member] = "http://elsewhere.example/";
    const auto read = read_external_account(of, client_);
    ASSERT_FALSE(read) << member;
    EXPECT_THAT(read.error(), HasSubstr(member));
  }
}

class Somebody final : public TokenSource {
 public:
  Task<Result<Expiring<std::string>>> fetch(std::string /*scope*/) override {
    co_return Expiring<std::string>{.value = "own"};
  }
};

using ImpersonationTest = TokenTest;

TEST_F(ImpersonationTest, tells_refusals_from_outages) {
  std::string answer;
  serve([&answer](const ReceivedRequest&) { return answer; });
  const auto impersonated = make_impersonated(
      std::make_shared<Somebody>(), {.url = server_->url("/sa"), .delegates = {"b", "c"}}, client_);
  const std::pair<std::string, std::string> outcomes[] = {
      {ok(R"({"accessToken":"a","expireTime":"2099-01-02T03:04:05Z"})"), "a"},
      {ok(R"({"accessToken":"a"})"), "unavailable"},
      {ok(R"({"accessToken":"a","expireTime":"soon"})"), "unavailable"},
      {ok(R"({"accessToken":"a b","expireTime":"2099-01-02T03:04:05Z"})"), "unavailable"},
      {ok("[]"), "unavailable"},
      {status("403 Forbidden"), "denied"},
      {status("500 Internal Server Error"), "unavailable"}};
  for (const auto& [said, expected] : outcomes) {
    answer = said;
    EXPECT_EQ(token_of(*impersonated), expected) << said;
  }
  EXPECT_EQ(encoding::read_json_object(requests()[0].body).value().at("delegates"),
            (json::array{"b", "c"}));
  answer = refused("403 Forbidden", "forbidden", "Permission iam.x denied");
  EXPECT_THAT(detail_of(*impersonated),
              testing::AllOf(HasSubstr("Permission iam.x denied"),
                             HasSubstr("roles/iam.serviceAccountTokenCreator")));
}

}  // namespace
}  // namespace chartmuseum::storage::google
