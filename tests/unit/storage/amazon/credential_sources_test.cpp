// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_sources.hpp"

#include "conformance/temporary_folder.hpp"
#include "storage/amazon/authorizer.hpp"
#include "unit/storage/amazon/amazon_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace chartmuseum::storage::amazon {
namespace {

using namespace test;  // NOLINT: a test's own helpers
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using transport::test::ok;
using Variables = std::map<std::string, std::string>;

const std::string kLater = "2099-01-02T03:04:05Z";

std::string json(const std::string& token_name = "Token") {
  return R"({"Code":"Success","Version":1,"AccessKeyId":"AK","SecretAccessKey":"SK",")" +
         token_name + R"(":"TK","Expiration":")" + kLater + "\"}";
}

std::string role(const std::string& action, const std::string& access_key = "ROLE") {
  return "<" + action + "Response><" + action + "Result><Credentials><AccessKeyId>" + access_key +
         "</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>TK</SessionToken>"
         "<Expiration>" +
         kLater + "</Expiration></Credentials></" + action + "Result></" + action + "Response>";
}

class CredentialChain : public testing::Test {
 protected:
  CredentialChain() {
    set("HOME", folder_.path().string());
    set("AWS_EC2_METADATA_DISABLED", "true");
  }

  void set(const std::string& name, const std::string& value) { variables_[name] = value; }

  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  /// "AK/SK/TK", or what was wrong.
  std::string find() {
    auto client = std::make_shared<transport::Client>();
    const auto found = run_task(find_credentials(default_sources(
        {environment_of(variables_), "eu-west-1", client, [client] { return client; }})));
    if (!found) return name_of(found.error().kind) + ": " + found.error().detail;
    const Credentials& keys = found->value;
    return keys.access_key + "/" + keys.secret_key + "/" + keys.session_token;
  }

  TemporaryFolder folder_;
  Variables variables_;
};

TEST_F(CredentialChain, takes_the_environment_first_in_either_spelling) {
  file(".aws/credentials", "[default]\naws_access_key_id=F\naws_secret_access_key=F");
  set("AWS_ACCESS_KEY", "AK");
  set("AWS_SECRET_KEY", "SK");
  EXPECT_EQ(find(), "AK/SK/");
  set("AWS_ACCESS_KEY_ID", "AK2");
  set("AWS_SESSION_TOKEN", "TK");
  EXPECT_EQ(find(), "AK2/SK/TK");
}

TEST_F(CredentialChain, says_where_it_has_looked) {
  EXPECT_THAT(find(), testing::AllOf(HasSubstr("denied"), HasSubstr("AWS_ACCESS_KEY_ID"),
                                     HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE"),
                                     HasSubstr("~/.aws/credentials"), HasSubstr("_FULL_URI"),
                                     HasSubstr("AWS_EC2_METADATA_DISABLED")));
}

TEST_F(CredentialChain, half_of_a_pair_is_said) {
  set("AWS_ACCESS_KEY_ID", "AK");
  EXPECT_THAT(find(), HasSubstr("only one"));
}

TEST_F(CredentialChain, takes_the_role_of_a_web_identity) {
  ScriptedService service({ok(role("AssumeRoleWithWebIdentity"))});
  set("AWS_WEB_IDENTITY_TOKEN_FILE", file("token", "a+token\n"));
  EXPECT_THAT(find(), HasSubstr("AWS_ROLE_ARN is not"));
  set("AWS_ROLE_ARN", "arn:aws:iam::1:role/charts");
  set("AWS_ENDPOINT_URL_STS", service.url());
  EXPECT_EQ(find(), "ROLE/SK/TK");
  EXPECT_THAT(service.lines(), ElementsAre("POST /"));
  EXPECT_EQ(service.requests()[0].body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn="
            "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fcharts&RoleSessionName=chartmuseum"
            "&WebIdentityToken=a%2Btoken");
  EXPECT_EQ(service.requests()[0].header("authorization"), "(none)");
}

TEST_F(CredentialChain, says_what_the_token_service_refuses) {
  ScriptedService service({status("403 Forbidden",
                                  "<ErrorResponse><Error><Code>AccessDenied</Code></Error>"
                                  "</ErrorResponse>"),
                           status("400 Bad Request",
                                  "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error>"
                                  "</ErrorResponse>"),
                           ok("<nonsense/>")});
  set("AWS_WEB_IDENTITY_TOKEN_FILE", file("token", "a token"));
  set("AWS_ROLE_ARN", "arn");
  set("AWS_ENDPOINT_URL_STS", service.url());
  EXPECT_THAT(find(), testing::AllOf(HasSubstr("denied"), HasSubstr("trust policy"),
                                     Not(HasSubstr("a token"))));
  EXPECT_THAT(find(), HasSubstr("unavailable"));
  EXPECT_THAT(find(), HasSubstr("holds no credentials"));
  set("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/file");
  EXPECT_THAT(find(), HasSubstr("/no/such/file"));
}

TEST_F(CredentialChain, reads_keys_from_the_shared_files) {
  file(".aws/credentials",
       "[default]\naws_access_key_id=A\naws_secret_access_key=B\naws_session_token=C\n"
       "[other]\naws_access_key_id=D\naws_secret_access_key=E");
  EXPECT_EQ(find(), "A/B/C");
  set("AWS_PROFILE", "other");
  EXPECT_EQ(find(), "D/E/");
  set("AWS_PROFILE", "missing");
  EXPECT_THAT(find(), HasSubstr("AWS_PROFILE"));
  set("AWS_SHARED_CREDENTIALS_FILE",
      file("elsewhere", "[missing]\naws_access_key_id=G\naws_secret_access_key=H"));
  EXPECT_EQ(find(), "G/H/");
}

TEST_F(CredentialChain, takes_the_role_of_a_profile_with_the_keys_of_another) {
  ScriptedService service({ok(role("AssumeRole", "FIRST")), ok(role("AssumeRole", "SECOND"))});
  set("AWS_ENDPOINT_URL_STS", service.url());
  set("AWS_CONFIG_FILE",
      file("config",
           "[profile top]\nrole_arn=arn:2\nsource_profile=middle\nexternal_id=x y\n"
           "duration_seconds=900\n[profile middle]\nrole_arn=arn:1\nsource_profile=middle\n"
           "aws_access_key_id=BASE\naws_secret_access_key=SK"));
  set("AWS_PROFILE", "top");
  EXPECT_EQ(find(), "SECOND/SK/TK");
  const auto requests = service.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_THAT(requests[0].header("authorization"), HasSubstr("Credential=BASE/"));
  EXPECT_THAT(requests[0].header("authorization"), HasSubstr("/eu-west-1/sts/aws4_request"));
  EXPECT_THAT(requests[1].header("authorization"), HasSubstr("Credential=FIRST/"));
  EXPECT_EQ(requests[1].header("x-amz-security-token"), "TK");
  EXPECT_THAT(requests[1].body, HasSubstr("&ExternalId=x%20y&DurationSeconds=900"));
}

TEST_F(CredentialChain, takes_the_role_of_a_profile_with_what_it_names) {
  ScriptedService service({ok(role("AssumeRole")), ok(role("AssumeRoleWithWebIdentity"))});
  set("AWS_ENDPOINT_URL_STS", service.url());
  set("AWS_PROFILE", "p");
  const std::string begin = "[profile p]\nrole_arn=arn\n";
  file(".aws/config", begin + "credential_source=EcsContainer\n");
  ScriptedService container({ok(json())});
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url() + "/x");
  EXPECT_EQ(find(), "ROLE/SK/TK");
  file(".aws/config", begin + "web_identity_token_file=" + file("t", "token"));
  EXPECT_EQ(find(), "ROLE/SK/TK");
  EXPECT_THAT(service.requests()[1].body, HasSubstr("WebIdentityToken=token"));
}

TEST_F(CredentialChain, profiles_that_lead_nowhere_are_said) {
  set("AWS_PROFILE", "p");
  for (const auto& [config, hint] : Variables{
           {"[profile p]\nrole_arn=a\nsource_profile=q\n[profile q]\nrole_arn=b\nsource_profile=p",
            "leads back"},
           {"[profile p]\nrole_arn=a\nsource_profile=q", "source_profile q"},
           {"[profile p]\nrole_arn=a\nsource_profile=p", "no credentials"},
           {"[profile p]\nrole_arn=a", "nothing to assume it with"},
           {"[profile p]\nrole_arn=a\nmfa_serial=m\nsource_profile=p", "second factor"},
           {"[profile p]\nsso_session=s", "Identity Center"},
           {"[profile p]\ncredential_process=echo no", "prints no credentials"},
           {"[profile p]\ncredential_process=exit 1", "has failed"},
       }) {
    file(".aws/config", config);
    EXPECT_THAT(find(), HasSubstr(hint)) << config;
  }
}

TEST_F(CredentialChain, asks_a_program) {
  file(".aws/config", "[default]\ncredential_process = printf '%s' '" + json("SessionToken") + "'");
  EXPECT_EQ(find(), "AK/SK/TK");
}

TEST_F(CredentialChain, asks_the_container) {
  ScriptedService service({ok(json()), ok(json()), status("500 Oh"), ok(json()), ok("{}")});
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", service.url() + "/creds?id=1");
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "plain");
  EXPECT_EQ(find(), "AK/SK/TK");
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file("token", "from a file\n"));
  EXPECT_EQ(find(), "AK/SK/TK");
  EXPECT_EQ(service.lines()[0], "GET /creds?id=1");
  EXPECT_EQ(service.requests()[0].header("authorization"), "plain");
  EXPECT_EQ(service.requests()[1].header("authorization"), "from a file");
  EXPECT_EQ(find(), "AK/SK/TK");  // at the second attempt
  EXPECT_THAT(find(), HasSubstr("holds no credentials"));
}

TEST_F(CredentialChain, sends_no_token_to_strangers_over_plain_http) {
  for (const char* const url :
       {"http://example.org/", "http://169.254.169.254/x", "http://localhost.example.org/",
        "http://127.0.0.1@example.org/", "http://127.0.0.1.example.org/", "ftp://localhost/",
        "localhost", "http://10.0.0.1/"}) {
    set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    EXPECT_THAT(find(), HasSubstr("neither https")) << url;
  }
}

TEST_F(CredentialChain, asks_the_instance_by_its_second_version) {
  ScriptedService service({ok("TOKEN"), ok("charts-role\n"), ok(json())});
  set("AWS_EC2_METADATA_DISABLED", "false");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.url());
  EXPECT_EQ(find(), "AK/SK/TK");
  EXPECT_THAT(
      service.lines(),
      ElementsAre("PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/",
                  "GET /latest/meta-data/iam/security-credentials/charts-role"));
  EXPECT_EQ(service.requests()[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(service.requests()[2].header("x-aws-ec2-metadata-token"), "TOKEN");
}

TEST_F(CredentialChain, an_instance_without_a_role_is_said) {
  ScriptedService service({ok("TOKEN"), status("404 Not Found")});
  set("AWS_EC2_METADATA_DISABLED", "false");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.url());
  EXPECT_THAT(find(), HasSubstr("has no role"));
}

TEST_F(CredentialChain, a_metadata_service_that_keeps_silent_ends_in_time) {
  FaultyServer silent([](ServerConnection& connection) { connection.wait_for_end(); });
  set("AWS_EC2_METADATA_DISABLED", "false");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.url(""));
  EXPECT_THAT(find(), testing::AllOf(HasSubstr("unavailable"), HasSubstr("no response in time"),
                                     HasSubstr("AWS_ACCESS_KEY_ID")));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
