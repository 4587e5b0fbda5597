// SPDX-License-Identifier: Apache-2.0
#include "auth/challenge.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::auth {
namespace {

TEST(Challenge, asks_for_a_password) {
  EXPECT_EQ(basic_challenge("ChartMuseum"), "Basic realm=\"ChartMuseum\"");
}

TEST(Challenge, asks_for_a_token_as_the_go_server_does) {
  EXPECT_EQ(
      bearer_challenge("https://my.site.io/oauth2/token", "my.site.io", "org1/repo1", Action::pull),
      "Bearer realm=\"https://my.site.io/oauth2/token\",service=\"my.site.io\","
      "scope=\"artifact-repository:org1/repo1:pull\"");
}

TEST(Challenge, calls_the_only_repository_repo_and_a_delete_a_push) {
  EXPECT_EQ(bearer_challenge("r", "s", "", Action::delete_),
            "Bearer realm=\"r\",service=\"s\",scope=\"artifact-repository:repo:push\"");
}

TEST(Challenge, stays_whole_whatever_a_repository_is_called) {
  EXPECT_EQ(bearer_challenge("r", "s", "a\",realm=\"evil\\", Action::push),
            "Bearer realm=\"r\",service=\"s\","
            "scope=\"artifact-repository:a\\\",realm=\\\"evil\\\\:push\"");
  EXPECT_EQ(bearer_challenge("r", "s", "a\r\nX: y\t\x7f", Action::push),
            "Bearer realm=\"r\",service=\"s\","
            "scope=\"artifact-repository:a%0D%0AX: y%09%7F:push\"");
  EXPECT_EQ(basic_challenge("K\xc3\xbc\"che"), "Basic realm=\"K\xc3\xbc\\\"che\"");
}

}  // namespace
}  // namespace chartmuseum::auth
