// SPDX-License-Identifier: Apache-2.0
#include "auth/access_control.hpp"

#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "token_signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace chartmuseum::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kAliceInHtpasswd =  // "U*U"
    "alice:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n";
// Authorization values.
const std::string kAdmin = "Basic YWRtaW46c2VjcmV0";  // admin:secret
const std::string kWrong = "Basic YWRtaW46d3Jvbmc=";  // admin:wrong
const std::string kAlice = "Basic YWxpY2U6VSpV";      // alice:U*U

class AccessControlTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  std::string open_error() {
    const auto access = AccessControl::open(settings_, {});
    return access ? "" : access.error();
  }

  /// "ok", or the kind of denial.
  std::string ask(const std::string& authorization, const std::string& repository, Action action,
                  std::optional<std::string> certificate = {}) {
    if (!access_) access_ = AccessControl::open(settings_, {}).value();
    const Visitor visitor{
        .authorization = authorization, .address = "192.0.2.1", .certificate = certificate};
    auto denial = run_task(access_->check(visitor, repository, action));
    if (!denial) return "ok";
    denial_ = *denial;
    switch (denial->kind) {
      case Denial::Kind::unauthorized:
        return "unauthorized";
      case Denial::Kind::forbidden:
        return "forbidden";
      case Denial::Kind::slowed:
        return "slowed";
      case Denial::Kind::unavailable:
        break;
    }
    return "unavailable";
  }

  void take_tokens() {
    settings_.bearer = true;
    settings_.realm = "https://auth.example.com";
    settings_.service = "museum";
    settings_.key_files = {file("key.pem", signer_.public_pem())};
  }
  std::string token(const std::string& payload) const { return signer_.token("EdDSA", payload); }
  std::string bearer(const std::string& payload) const { return "Bearer " + token(payload); }

  TemporaryFolder folder_;
  TokenSigner signer_ = TokenSigner::ed25519();
  Settings settings_;
  Denial denial_;
  std::unique_ptr<AccessControl> access_;
};

const std::string kPullToken =
    R"({"sub":"ci","access":[{"type":"artifact-repository","name":"repo","actions":["pull"]}]})";

TEST_F(AccessControlTest, lets_everybody_in_where_nothing_is_asked_for) {
  EXPECT_EQ(ask("", "", Action::push), "ok");
  EXPECT_EQ(ask("Basic !", "", Action::delete_), "ok");
  EXPECT_TRUE(access_->is_public(Action::push));
}

TEST_F(AccessControlTest, asks_for_the_one_login) {
  settings_.user = "admin";
  settings_.password = Secret("secret");
  EXPECT_EQ(ask(kAdmin, "", Action::push), "ok");
  EXPECT_EQ(ask(kAdmin, "org1", Action::delete_), "ok");
  for (const std::string& wrong :
       {std::string(), kWrong, kAlice, std::string("Basic"), std::string("Basic !"),
        std::string("Digest x"), std::string("Bearer x.y.z")}) {
    EXPECT_EQ(ask(wrong, "", Action::pull), "unauthorized") << wrong;
    EXPECT_THAT(denial_.challenges, ElementsAre(R"(Basic realm="ChartMuseum")"));
  }
  EXPECT_FALSE(access_->is_public(Action::pull));
}

TEST_F(AccessControlTest, lets_everybody_pull_with_anonymous_get_whatever_they_send) {
  settings_.user = "admin";
  settings_.password = Secret("secret");
  settings_.anonymous_pull = true;
  EXPECT_EQ(ask("", "", Action::pull), "ok");
  EXPECT_EQ(ask(kWrong, "", Action::pull), "ok");
  EXPECT_EQ(ask("", "", Action::push), "unauthorized");
  EXPECT_EQ(ask("", "", Action::delete_), "unauthorized");
  EXPECT_TRUE(access_->is_public(Action::pull));
  EXPECT_FALSE(access_->is_public(Action::push));
}

TEST_F(AccessControlTest, takes_the_users_of_a_password_file_beside_the_one_login) {
  settings_.user = "admin";
  settings_.password = Secret("secret");
  settings_.htpasswd_file = file("users", kAliceInHtpasswd);
  for (int i = 0; i < 2; ++i) {  // hashed, then remembered
    EXPECT_EQ(ask(kAdmin, "", Action::push), "ok");
    EXPECT_EQ(ask(kAlice, "", Action::push), "ok");
    EXPECT_EQ(ask(kWrong, "", Action::push), "unauthorized");
  }
}

TEST_F(AccessControlTest, reads_the_password_from_a_file) {
  settings_.user = "admin";
  settings_.password_file = file("password", "secret\n");
  EXPECT_EQ(ask(kAdmin, "", Action::push), "ok");
  settings_.password_file = folder_.path() / "nothing";
  EXPECT_THAT(open_error(), HasSubstr("nothing"));
}

TEST_F(AccessControlTest, slows_guesses_but_not_other_users) {
  settings_.user = "admin";
  settings_.password = Secret("secret");
  settings_.htpasswd_file = file("users", kAliceInHtpasswd);
  std::string outcome;
  for (int guess = 0; guess < 20 && outcome != "slowed"; ++guess) {
    // "admin:guess0" and so on, in base64.
    const std::string login = "admin:guess" + std::string(1, static_cast<char>('a' + guess));
    std::string encoded = encode_base64url(login);
    outcome = ask("Basic " + encoded, "", Action::pull);
  }
  EXPECT_EQ(outcome, "slowed");
  EXPECT_GE(denial_.retry_after.count(), 1);
  EXPECT_EQ(ask(kAlice, "", Action::pull), "ok");
}

TEST_F(AccessControlTest, takes_a_token_for_what_its_claims_allow) {
  take_tokens();
  EXPECT_EQ(ask(bearer(kPullToken), "", Action::pull), "ok");
  EXPECT_EQ(ask(bearer(kPullToken), "", Action::push), "unauthorized");
  EXPECT_THAT(denial_.challenges,
              ElementsAre(R"(Bearer realm="https://auth.example.com",service="museum",)"
                          R"(scope="artifact-repository:repo:push")"));
  EXPECT_EQ(ask(bearer(kPullToken), "org1", Action::pull), "unauthorized");
  EXPECT_EQ(ask(bearer(R"({"sub":"ci"})"), "", Action::pull), "unauthorized");
  EXPECT_EQ(ask(bearer(R"({"access":7})"), "", Action::pull), "unauthorized");
  EXPECT_EQ(ask(kAdmin, "", Action::pull), "unauthorized");
}

TEST_F(AccessControlTest, takes_a_token_as_the_password_of_a_login) {
  take_tokens();
  std::string login = encode_base64url("anybody:" + token(kPullToken));
  for (char& c : login) c = c == '-' ? '+' : c == '_' ? '/' : c;
  EXPECT_EQ(ask("Basic " + login, "", Action::pull), "ok");
  EXPECT_EQ(ask("Basic " + login, "", Action::push), "unauthorized");
  // Beside passwords, too.
  access_.reset();
  settings_.user = "admin";
  settings_.password = Secret("secret");
  EXPECT_EQ(ask("Basic " + login, "", Action::pull), "ok");
  EXPECT_EQ(ask(kAdmin, "", Action::push), "ok");
  EXPECT_EQ(ask("", "", Action::pull), "unauthorized");
  EXPECT_EQ(denial_.challenges.size(), 2U);
}

TEST_F(AccessControlTest, finds_actions_by_an_expression_of_the_users_own) {
  take_tokens();
  settings_.actions_search_path = "rights.\"$NAMESPACE\"";
  EXPECT_EQ(ask(bearer(R"({"rights":{"org1":["push"]}})"), "org1", Action::push), "ok");
  EXPECT_EQ(ask(bearer(R"({"rights":{"org1":["push"]}})"), "org2", Action::push), "unauthorized");
  settings_.actions_search_path = "rights[";
  EXPECT_THAT(open_error(), HasSubstr("--auth-actions-search-path"));
}

TEST_F(AccessControlTest, goes_by_the_policy) {
  settings_.user = "admin";
  settings_.password = Secret("secret");
  settings_.policy_file = file("policy.yaml", R"(
rules:
  - {users: [anonymous], repositories: ["public/*"], actions: [pull]}
  - {users: [admin], repositories: ["org1/*"], actions: [pull, push]}
  - {users: ["CN=robot,O=Example"], repositories: ["org1/*"], actions: [delete]}
)");
  EXPECT_EQ(ask("", "public/a", Action::pull), "ok");
  EXPECT_EQ(ask("", "public/a", Action::push), "unauthorized");
  EXPECT_EQ(ask(kAdmin, "public/a", Action::pull), "ok");  // what anybody may
  EXPECT_EQ(ask(kAdmin, "org1/a", Action::push), "ok");
  EXPECT_EQ(ask(kAdmin, "org1/a", Action::delete_), "forbidden");
  EXPECT_EQ(ask(kAdmin, "org2/a", Action::pull), "forbidden");
  EXPECT_EQ(ask(kWrong, "public/a", Action::pull), "unauthorized");
  EXPECT_EQ(ask("", "org1/a", Action::delete_, "CN=robot,O=Example"), "ok");
  EXPECT_EQ(ask("", "org1/a", Action::push, "CN=robot,O=Example"), "forbidden");
}

TEST_F(AccessControlTest, forbids_where_nobody_could_log_in) {
  settings_.policy_file =
      file("policy.yaml", "rules: [{users: anonymous, repositories: \"**\", actions: pull}]\n");
  EXPECT_EQ(ask("", "", Action::pull), "ok");
  EXPECT_EQ(ask(kAdmin, "", Action::pull), "ok");
  EXPECT_EQ(ask(kAdmin, "", Action::push), "forbidden");
}

TEST_F(AccessControlTest, lets_a_token_do_what_both_the_policy_and_its_claims_allow) {
  take_tokens();
  settings_.policy_file = file("policy.yaml", R"(
rules: [{users: ["token:ci"], repositories: ".", actions: [pull, push]}]
)");
  EXPECT_EQ(ask(bearer(R"({"sub":"ci"})"), "", Action::push), "ok");  // says nothing of actions
  EXPECT_EQ(ask(bearer(R"({"sub":"ci"})"), "", Action::delete_), "forbidden");
  EXPECT_EQ(ask(bearer(R"({"sub":"other"})"), "", Action::pull), "forbidden");
  EXPECT_EQ(ask(bearer(R"({"aud":"x"})"), "", Action::pull), "unauthorized");  // about nobody
  EXPECT_EQ(ask(bearer(kPullToken), "", Action::pull), "ok");
  EXPECT_EQ(ask(bearer(kPullToken), "", Action::push), "unauthorized");
}

TEST_F(AccessControlTest, says_at_the_start_which_file_is_wrong) {
  settings_.htpasswd_file = file("users", "alice:plain\n");
  EXPECT_THAT(open_error(), HasSubstr("users"));
  settings_.htpasswd_file.clear();
  settings_.policy_file = file("policy.yaml", "rules: 7\n");
  EXPECT_THAT(open_error(), HasSubstr("policy.yaml: line 1"));
  settings_.policy_file.clear();
  settings_.bearer = true;
  settings_.key_files = {file("key.pem", "no key")};
  EXPECT_THAT(open_error(), HasSubstr("key.pem"));
}

}  // namespace
}  // namespace chartmuseum::auth
