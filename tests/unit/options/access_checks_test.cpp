// SPDX-License-Identifier: Apache-2.0
#include "options/access_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartmuseum::options {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AccessChecks : public testing::Test {
 protected:
  std::string problem() {
    const auto error = check_access(draft_);
    return error ? error->message : "";
  }
  Draft draft_;
  auth::Settings& access_ = draft_.options.access;
};

TEST_F(AccessChecks, take_a_login_with_a_password_from_one_place) {
  access_.user = "admin";
  access_.password = auth::Secret("hunter2");
  EXPECT_EQ(problem(), "");
  access_.password_file = "/run/secrets/password";
  EXPECT_THAT(problem(), HasSubstr("one of them is enough"));
  access_.password = auth::Secret();
  EXPECT_EQ(problem(), "");
}

TEST_F(AccessChecks, leave_no_door_open_that_half_a_login_was_meant_to_close) {
  access_.user = "admin";
  EXPECT_THAT(problem(), HasSubstr("--basic-auth-user is of no use without --basic-auth-pass"));
  access_.user.clear();
  access_.password = auth::Secret("hunter2");
  EXPECT_THAT(problem(), HasSubstr("--basic-auth-pass is of no use without --basic-auth-user"));
  EXPECT_THAT(problem(), Not(HasSubstr("hunter2")));
  access_.password = auth::Secret();
  access_.password_file = "/run/secrets/password";
  EXPECT_THAT(problem(), HasSubstr("--basic-auth-pass-file is of no use"));
}

TEST_F(AccessChecks, refuse_a_name_that_no_client_can_send) {
  access_.user = "a:b";
  access_.password = auth::Secret("x");
  EXPECT_THAT(problem(), HasSubstr("colon"));
}

TEST_F(AccessChecks, want_to_know_what_tokens_are_signed_with) {
  access_.bearer = true;
  access_.realm = "https://auth.example.com";
  EXPECT_THAT(problem(), HasSubstr("--auth-cert-path"));
  draft_.auth_cert_path = "old.pem,new.pem,";
  EXPECT_EQ(problem(), "");
  EXPECT_THAT(access_.key_files, ElementsAre("old.pem", "new.pem"));
  EXPECT_THAT(draft_.options.warnings, IsEmpty());
  access_.issuer = "https://issuer.example.com";
  EXPECT_THAT(problem(), HasSubstr("one of them only"));
}

TEST_F(AccessChecks, want_an_audience_for_the_tokens_of_an_issuer) {
  access_.bearer = true;
  access_.issuer = "https://issuer.example.com";
  EXPECT_THAT(problem(), HasSubstr("--auth-service"));
  access_.service = "museum";
  EXPECT_EQ(problem(), "");
}

TEST_F(AccessChecks, warn_of_what_has_no_effect) {
  draft_.auth_cert_path = "key.pem";
  access_.anonymous_pull = true;
  EXPECT_EQ(problem(), "");
  EXPECT_THAT(draft_.options.warnings,
              ElementsAre("--auth-cert-path has no effect without --bearer-auth",
                          HasSubstr("--auth-anonymous-get has no effect")));
}

TEST_F(AccessChecks, refuse_a_policy_that_would_be_void_for_pulls) {
  access_.policy_file = "policy.yaml";
  EXPECT_EQ(problem(), "");
  access_.anonymous_pull = true;
  EXPECT_THAT(problem(), HasSubstr("name the user anonymous"));
}

TEST_F(AccessChecks, refuse_an_origin_that_is_none) {
  draft_.options.api.cors_allow_origin = "https://a.example.com, https://b.example.com";
  EXPECT_THAT(problem(), HasSubstr("--cors-alloworigin"));
  draft_.options.api.cors_allow_origin = "*";
  EXPECT_EQ(problem(), "");
}

}  // namespace
}  // namespace chartmuseum::options
