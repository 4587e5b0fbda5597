// SPDX-License-Identifier: Apache-2.0
#include "storage/google/google_credentials.hpp"

#include "conformance/temporary_folder.hpp"
#include "storage/google/google_authorizer.hpp"
#include "storage/google/google_store.hpp"
#include "unit/storage/google/token_fixture.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace chartmuseum::storage::google {
namespace {

using namespace test;  // NOLINT: a test's own helpers
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GoogleCredentialsTest : public TokenTest {
 protected:
  [[nodiscard]] Environment environment() const {
    return [variables = variables_](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
  }

  [[nodiscard]] std::expected<GoogleCredentials, std::string> find() const {
    return find_google_credentials(environment(), client_, [this] { return client_; });
  }

  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  TemporaryFolder folder_;
  std::map<std::string, std::string> variables_{{"HOME", folder_.path().string()}};
};

TEST_F(GoogleCredentialsTest, are_those_of_the_file_that_is_named) {
  serve([](const ReceivedRequest&) { return token_answer("token"); });
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] =
      write("key.json", json::serialize(service_account_file(server_->url("/token"))));
  write(".config/gcloud/application_default_credentials.json", "{}");
  const auto found = find();
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(token_of(*found->tokens), "token");
  EXPECT_TRUE(found->signer);
  EXPECT_THAT(found->found, AllOf(HasSubstr("service_account"), HasSubstr("key.json")));
}

TEST_F(GoogleCredentialsTest, are_those_of_gcloud_where_no_file_is_named) {
  serve([](const ReceivedRequest&) { return token_answer("token"); });
  json::object user = authorized_user_file(server_->url("/token"));
  user["quota_project_id"] = "billed";
  write(".config/gcloud/application_default_credentials.json", json::serialize(user));
  const auto in_home = find();
  ASSERT_TRUE(in_home) << in_home.error();
  EXPECT_EQ(token_of(*in_home->tokens), "token");
  EXPECT_FALSE(in_home->signer);
  EXPECT_EQ(in_home->quota_project, "billed");
  write("cloud/application_default_credentials.json", "{}");
  variables_["CLOUDSDK_CONFIG"] = (folder_.path() / "cloud").string();
  EXPECT_THAT(find().error(), HasSubstr("cloud/application_default_credentials.json"));
}

TEST_F(GoogleCredentialsTest, are_the_machines_where_there_is_no_file) {
  serve([](const ReceivedRequest&) {
    return status("200 OK", R"({"access_token":"machine"})", "Metadata-Flavor: Google\r\n");
  });
  variables_["GCE_METADATA_HOST"] = "127.0.0.1:" + std::to_string(server_->port());
  const auto found = find();
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(token_of(*found->tokens), "machine");
  EXPECT_THAT(found->found, AllOf(HasSubstr("metadata server"),
                                  HasSubstr("GOOGLE_APPLICATION_CREDENTIALS is not set"),
                                  HasSubstr("application_default_credentials.json")));
}

TEST_F(GoogleCredentialsTest, may_be_of_an_account_that_another_one_stands_for) {
  serve([](const ReceivedRequest& request) {
    return request.line.starts_with("POST /token ")
               ? token_answer("own")
               : ok(R"({"accessToken":"other","expireTime":"2099-01-02T03:04:05Z"})");
  });
  const json::object file{{"type", "impersonated_service_account"},
                          {"service_account_impersonation_url", server_->url("/sa")},
                          {"delegates", json::array()},
                          {"source_credentials", service_account_file(server_->url("/token"))}};
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = write("key.json", json::serialize(file));
  const auto found = find();
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(token_of(*found->tokens), "other");
  EXPECT_FALSE(found->signer);  // that of the source would sign for the wrong account
}

TEST_F(GoogleCredentialsTest, say_what_is_wrong_with_their_file) {
  const std::pair<std::string, const char*> files[] = {
      {"", "is no JSON object"},
      {"[]", "is no JSON object"},
      {"{}", "\"type\""},
      {R"({"type":"gdch_service_account"})", "\"type\""},
      {R"({"type":"service_account"})", "client_email"},
      {R"({"type":"impersonated_service_account"})", "service_account_impersonation_url"},
      {R"({"type":"impersonated_service_account","service_account_impersonation_url":"https://x/"})",
       "source_credentials"},
      {R"({"type":"impersonated_service_account","service_account_impersonation_url":"https://x/",
           "source_credentials":{"type":"impersonated_service_account"}})",
       "source_credentials"},
      {std::string(2 << 20, ' '), "larger"}};
  for (const auto& [text, problem] : files) {
    variables_["GOOGLE_APPLICATION_CREDENTIALS"] = write("key.json", text);
    const auto found = find();
    ASSERT_FALSE(found) << text.substr(0, 100);
    EXPECT_THAT(found.error(), AllOf(HasSubstr("GOOGLE_APPLICATION_CREDENTIALS"),
                                     HasSubstr("key.json"), HasSubstr(problem)));
  }
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = "/absent.json";
  EXPECT_THAT(find().error(), AllOf(HasSubstr("/absent.json"), HasSubstr("No such file")));
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = folder_.path().string();
  EXPECT_FALSE(find());
}

TEST_F(GoogleCredentialsTest, of_no_use_stop_the_start) {
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = "/absent.json";
  const auto store = make_google_store({.bucket = "charts", .prefix = ""}, environment(),
                                       telemetry::Log::discarding());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error(), HasSubstr("/absent.json"));
}

TEST_F(GoogleCredentialsTest, with_a_key_sign_download_urls) {
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = write(
      "key.json", json::serialize(service_account_file("https://oauth2.googleapis.com/token")));
  const auto store = make_google_store({.bucket = "charts", .prefix = "/pre/"}, environment(),
                                       telemetry::Log::discarding());
  ASSERT_TRUE(store) << store.error();
  const auto url = run_task((*store)->download_url("a+b.tgz", std::chrono::minutes(5)));
  ASSERT_TRUE(url && *url);
  EXPECT_THAT(**url, AllOf(testing::StartsWith("https://storage.googleapis.com/charts/pre/"
                                               "a%2Bb.tgz?X-Goog-Algorithm=GOOG4-RSA-SHA256&"),
                           HasSubstr("&X-Goog-Expires=300&")));
}

/// Gives one token after the other: "1", "2", ...
class Numbered final : public TokenSource {
 public:
  Task<Result<Expiring<std::string>>> fetch(std::string /*scope*/) override {
    if (failure) co_return std::unexpected(*failure);
    co_return Expiring<std::string>{.value = std::to_string(++fetched), .expires = expires};
  }

  std::optional<Failure> failure;
  std::chrono::system_clock::time_point expires = std::chrono::system_clock::time_point::max();
  int fetched = 0;
};

class GoogleAuthorizerTest : public GoogleStoreTest {
 protected:
  GoogleAuthorizerTest() {
    authorizer_ = make_google_authorizer(
        {.tokens = tokens_, .signer = {}, .quota_project = "billed", .found = "the test"},
        [this] { return now_; });
  }

  std::chrono::system_clock::time_point now_;
  std::shared_ptr<Numbered> tokens_ = std::make_shared<Numbered>();
};

TEST_F(GoogleAuthorizerTest, adds_a_token_and_keeps_it) {
  serve([](const ReceivedRequest&) { return ok(kNoObjects); });
  EXPECT_TRUE(run_task(store_->list("")));
  EXPECT_TRUE(run_task(store_->list("")));
  EXPECT_EQ(requests()[1].header("authorization"), "Bearer 1");
  EXPECT_EQ(requests()[1].header("x-goog-user-project"), "billed");
  EXPECT_EQ(tokens_->fetched, 1);
}

TEST_F(GoogleAuthorizerTest, renews_a_token_before_it_ends) {
  serve([](const ReceivedRequest&) { return ok(kNoObjects); });
  tokens_->expires = now_ + std::chrono::hours(1);
  EXPECT_TRUE(run_task(store_->list("")));
  now_ += std::chrono::minutes(54);
  EXPECT_TRUE(run_task(store_->list("")));
  EXPECT_EQ(tokens_->fetched, 1);
  now_ += std::chrono::minutes(2);
  EXPECT_TRUE(run_task(store_->list("")));
  EXPECT_EQ(tokens_->fetched, 2);
}

TEST_F(GoogleAuthorizerTest, renews_a_token_once_that_is_refused) {
  serve([](const ReceivedRequest& request) {
    return request.header("authorization") == "Bearer 2"
               ? ok(kNoObjects)
               : refused("401 Unauthorized", "authError", "Invalid Credentials");
  });
  EXPECT_TRUE(run_task(store_->list("")));
  EXPECT_EQ(requests().size(), 2U);
  serve([](const ReceivedRequest&) {
    return refused("401 Unauthorized", "authError", "Invalid Credentials");
  });
  EXPECT_EQ(outcome(run_task(store_->list(""))), "denied");
  EXPECT_EQ(requests().size(), 4U);
}

TEST_F(GoogleAuthorizerTest, does_not_renew_it_where_permission_is_lacking) {
  serve([](const ReceivedRequest&) { return refused("403 Forbidden", "forbidden", "no"); });
  EXPECT_EQ(outcome(run_task(store_->list(""))), "denied");
  EXPECT_EQ(tokens_->fetched, 1);
}

TEST_F(GoogleAuthorizerTest, asks_nothing_without_a_token_and_says_where_it_looked) {
  serve([](const ReceivedRequest&) { return ok(kNoObjects); });
  tokens_->failure = Failure{FailureKind::unavailable, "nobody answers"};
  const auto listed = run_task(store_->list(""));
  EXPECT_EQ(outcome(listed), "unavailable");
  EXPECT_EQ(listed.error().detail, "no access token from the test: nobody answers");
  EXPECT_TRUE(requests().empty());
  tokens_->failure.reset();  // it recovers by itself
  EXPECT_TRUE(run_task(store_->list("")));
}

}  // namespace
}  // namespace chartmuseum::storage::google
