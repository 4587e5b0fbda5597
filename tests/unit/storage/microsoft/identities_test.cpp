// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/identities.hpp"

#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "support/variables.hpp"
#include "unit/storage/remote/remote_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace chartmuseum::storage::microsoft {
namespace {

using namespace storage::test;  // NOLINT: a test's own helpers
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using transport::test::Certificate;
using transport::test::ok;

const std::string kToken = R"({"access_token":"tok.en","expires_in":"3599"})";

/// Whoever gives tokens, over https, or plainly as metadata services do.
class IdentitiesTest : public testing::Test {
 protected:
  void serve(std::function<std::string(const ReceivedRequest&)> answer, bool tls) {
    server_ = std::make_unique<FaultyServer>(
        transport::test::answering(
            [this, answer = std::move(answer)](const ReceivedRequest& request) {
              request_ = request;
              return answer(request);
            }),
        tls ? &certificate_ : nullptr);
    transport::ClientSettings settings;
    settings.tls.ca_file = certificate_.certificate_file();
    client_ = std::make_shared<transport::Client>(settings);
  }

  std::expected<FoundIdentity, std::string> find(std::map<std::string, std::string> variables) {
    return find_identity(chartmuseum::test::variables(std::move(variables)), client_);
  }

  static std::string token_of(const std::expected<FoundIdentity, std::string>& identity) {
    if (!identity) return identity.error();
    Task<Result<Expiring<std::string>>> fetching = identity->fetch();
    const auto token = run_task(std::move(fetching));
    return token ? token->value : token.error().detail;
  }

  std::map<std::string, std::string> application(const std::string& name,
                                                 const std::string& value) const {
    return {{name, value},
            {"AZURE_TENANT_ID", "my tenant"},
            {"AZURE_CLIENT_ID", "my-app"},
            {"AZURE_AUTHORITY_HOST", server_->url()}};
  }

  const Certificate certificate_{"IP:127.0.0.1"};
  const TemporaryFolder folder_;
  ReceivedRequest request_;
  std::unique_ptr<FaultyServer> server_;
  std::shared_ptr<transport::Client> client_;
};

TEST_F(IdentitiesTest, an_application_may_have_a_secret) {
  serve([](const ReceivedRequest&) { return ok(kToken); }, true);
  EXPECT_EQ(token_of(find(application("AZURE_CLIENT_SECRET", "s&cret"))), "tok.en");
  EXPECT_THAT(request_.line, StartsWith("POST /my%20tenant/oauth2/v2.0/token "));
  EXPECT_EQ(request_.header("content-type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request_.body,
            "grant_type=client_credentials&client_id=my-app&"
            "scope=https%3A%2F%2Fstorage.azure.com%2F.default&client_secret=s%26cret");
}

TEST_F(IdentitiesTest, an_application_may_show_a_token_of_its_cluster_which_is_read_each_time) {
  serve([](const ReceivedRequest&) { return ok(kToken); }, true);
  const std::string file = folder_.path() / "token";
  const auto identity = find(application("AZURE_FEDERATED_TOKEN_FILE", file));
  EXPECT_THAT(token_of(identity), HasSubstr("cannot read " + file));
  for (const std::string assertion : {"first", "second"}) {
    std::ofstream(file) << assertion << "\n";
    EXPECT_EQ(token_of(identity), "tok.en");
    EXPECT_THAT(request_.body,
                HasSubstr("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-"
                          "type%3Ajwt-bearer&client_assertion=" +
                          assertion));
  }
}

TEST_F(IdentitiesTest, an_app_may_have_a_managed_identity) {
  serve([](const ReceivedRequest&) { return ok(kToken); }, false);
  EXPECT_EQ(token_of(find({{"IDENTITY_ENDPOINT", server_->url("/msi/token")},
                           {"IDENTITY_HEADER", "hush"},
                           {"AZURE_CLIENT_ID", "mine"}})),
            "tok.en");
  EXPECT_THAT(request_.line,
              StartsWith("GET /msi/token?api-version=2019-08-01&"
                         "resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=mine "));
  EXPECT_EQ(request_.header("x-identity-header"), "hush");
}

TEST_F(IdentitiesTest, a_machine_may_have_a_managed_identity) {
  serve([](const ReceivedRequest&) { return ok(kToken); }, false);
  EXPECT_EQ(token_of(find({{"AZURE_POD_IDENTITY_AUTHORITY_HOST", server_->url()}})), "tok.en");
  EXPECT_THAT(request_.line, StartsWith("GET /metadata/identity/oauth2/token?"
                                        "api-version=2018-02-01&"
                                        "resource=https%3A%2F%2Fstorage.azure.com%2F "));
  EXPECT_EQ(request_.header("metadata"), "true");
}

TEST_F(IdentitiesTest, are_looked_for_in_the_order_of_the_vendors_clients) {
  serve([](const ReceivedRequest&) { return ok(kToken); }, true);
  auto variables = application("AZURE_CLIENT_SECRET", "secret");
  variables["AZURE_FEDERATED_TOKEN_FILE"] = "/token";
  variables["IDENTITY_ENDPOINT"] = "http://127.0.0.1";
  variables["IDENTITY_HEADER"] = "x";
  for (const auto& [source, variable] :
       {std::pair("AZURE_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
        std::pair("AZURE_FEDERATED_TOKEN_FILE", "AZURE_FEDERATED_TOKEN_FILE"),
        std::pair("the managed identity of IDENTITY_ENDPOINT", "IDENTITY_HEADER"),
        std::pair("the managed identity of this machine", "AZURE_TENANT_ID")}) {
    const auto identity = find(variables);
    ASSERT_TRUE(identity) << identity.error();
    EXPECT_EQ(identity->source, source);
    variables.erase(variable);
  }
}

TEST_F(IdentitiesTest, that_are_there_in_part_are_a_mistake) {
  EXPECT_THAT(find({{"AZURE_CLIENT_SECRET", "hush"}}).error(), HasSubstr("AZURE_TENANT_ID"));
  EXPECT_THAT(find({{"AZURE_FEDERATED_TOKEN_FILE", "/token"}, {"AZURE_TENANT_ID", "t"}}).error(),
              HasSubstr("AZURE_CLIENT_ID"));
  EXPECT_THAT(find({{"AZURE_CLIENT_SECRET", "hush"},
                    {"AZURE_TENANT_ID", "t"},
                    {"AZURE_CLIENT_ID", "c"},
                    {"AZURE_AUTHORITY_HOST", "http://plain"}})
                  .error(),
              HasSubstr("AZURE_AUTHORITY_HOST"));
}

TEST_F(IdentitiesTest, that_are_refused_say_why_and_what_to_check) {
  serve(
      [](const ReceivedRequest&) {
        return status("401 Unauthorized",
                      R"({"error":"invalid_client","error_description":"AADSTS7000215: hush"})");
      },
      true);
  const auto identity = find(application("AZURE_CLIENT_SECRET", "hush"));
  Task<Result<Expiring<std::string>>> fetching = identity->fetch();
  const auto token = run_task(std::move(fetching));
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, FailureKind::denied);
  EXPECT_THAT(token.error().detail, HasSubstr("invalid_client AADSTS7000215"));
  EXPECT_THAT(token.error().detail, HasSubstr("check AZURE_TENANT_ID"));
  EXPECT_THAT(token.error().detail, Not(HasSubstr("hush")));
}

TEST_F(IdentitiesTest, that_cannot_be_asked_for_now_are_unavailable) {
  serve([](const ReceivedRequest&) { return ok("no json"); }, false);
  const auto identity = find({{"AZURE_POD_IDENTITY_AUTHORITY_HOST", server_->url()}});
  Task<Result<Expiring<std::string>>> fetching = identity->fetch();
  EXPECT_EQ(run_task(std::move(fetching)).error().kind, FailureKind::unavailable);
  server_.reset();  // nobody listens there any more
  Task<Result<Expiring<std::string>>> again = identity->fetch();
  const auto token = run_task(std::move(again));
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, FailureKind::unavailable);
  EXPECT_THAT(token.error().detail, HasSubstr("AZURE_STORAGE_ACCESS_KEY"));
}

}  // namespace
}  // namespace chartmuseum::storage::microsoft
