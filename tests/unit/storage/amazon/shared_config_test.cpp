// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/shared_config.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::amazon {
namespace {

TEST(SharedConfig, finds_profiles_in_both_files) {
  const auto config = SharedConfig::parse(
      "# a comment\n[default]\nregion = eu-west-1 # mine\r\n"
      "[profile \"team a\"]\nROLE_ARN=arn:aws:iam::1:role/x\ns3 =\n  addressing_style = path\n"
      "[sso-session x]\nregion = nowhere\n[plain]\nregion = nowhere\n",
      "[default]\naws_access_key_id=AK\naws_secret_access_key = s=e#c;ret==\n[team "
      "a]\nregion=us-1\n");
  ASSERT_NE(config.profile("default"), nullptr);
  EXPECT_EQ(config.profile("default")->at("region"), "eu-west-1");
  EXPECT_EQ(config.profile("default")->at("aws_secret_access_key"), "s=e#c;ret==");
  ASSERT_NE(config.profile("team a"), nullptr);
  EXPECT_EQ(config.profile("team a")->at("role_arn"), "arn:aws:iam::1:role/x");
  EXPECT_EQ(config.profile("team a")->at("region"), "us-1");
  EXPECT_FALSE(config.profile("team a")->contains("addressing_style"));
  EXPECT_EQ(config.profile("plain"), nullptr);  // the config file says "profile plain"
  EXPECT_EQ(config.profile("x"), nullptr);
}

TEST(SharedConfig, takes_odd_lines_for_nothing) {
  for (const std::string& text :
       {std::string("[", 1), std::string("[]"), std::string("key = value"),
        std::string("[a\n=\n==="), std::string("[profile]\nx=y"), std::string("[profile ]"),
        std::string("\0\0[default]", 11)}) {
    EXPECT_EQ(SharedConfig::parse(text, text).profile("b"), nullptr);
  }
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
