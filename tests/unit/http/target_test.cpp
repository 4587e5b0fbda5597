// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <gmock/gmock.h>

namespace chartmuseum::http {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Target, splits_the_path_into_segments) {
  const auto target = Target::parse("/org1/repoa/index.yaml");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), ElementsAre("org1", "repoa", "index.yaml"));
  EXPECT_EQ(target->path(), "/org1/repoa/index.yaml");
  EXPECT_FALSE(target->trailing_slash());
}

TEST(Target, decodes_the_path_exactly_once) {
  const auto target = Target::parse("/a%20b/1.0.0%2Bb1/%2525");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), ElementsAre("a b", "1.0.0+b1", "%25"));
}

TEST(Target, leaves_a_plus_in_the_path_alone) {
  const auto target = Target::parse("/1.0.0+b1");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), ElementsAre("1.0.0+b1"));
}

TEST(Target, the_root_has_no_segments) {
  const auto target = Target::parse("/");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), IsEmpty());
  EXPECT_FALSE(target->trailing_slash());
  EXPECT_EQ(target->path(), "/");
}

TEST(Target, tells_one_trailing_slash) {
  const auto target = Target::parse("/api/");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), ElementsAre("api"));
  EXPECT_TRUE(target->trailing_slash());
  EXPECT_EQ(target->path(), "/api/");
}

class RefusedTarget : public testing::TestWithParam<std::string> {};

TEST_P(RefusedTarget, is_none) {
  EXPECT_EQ(Target::parse(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Target, RefusedTarget,
                         testing::Values("", "a", "*", "?a", "//", "//a", "/a//", "/a//b", "/./a",
                                         "/a/..", "/a/.", "/../etc/passwd", "/%2e%2e/etc", "/%2E",
                                         "/a%2Fb", "/a%5cb", "/a\\b", "/a%00b", "/a\0b"s, "/%",
                                         "/%4", "/%zz", "/a%2", "host:80", "http://host//a"));

TEST(Target, takes_the_absolute_form) {
  const auto target = Target::parse("HTTP://user@example.com:8080/a/b?x=1");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->segments(), ElementsAre("a", "b"));
  EXPECT_EQ(target->query("x"), "1");
  EXPECT_EQ(Target::parse("http://example.com")->path(), "/");
}

TEST(Target, decodes_query_parameters) {
  const auto target = Target::parse("/?offset=1%30&q=a+b&force&empty=&offset=2&=x&%71%72=1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query("offset"), "10");
  EXPECT_EQ(target->query("q"), "a b");
  EXPECT_EQ(target->query("force"), "");
  EXPECT_EQ(target->query("empty"), "");
  EXPECT_EQ(target->query("qr"), "1");
  EXPECT_EQ(target->query("limit"), std::nullopt);
}

TEST(Target, leaves_broken_query_parameters_out) {
  const auto target = Target::parse("/a?x=%zz&y=1&%=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query("x"), std::nullopt);
  EXPECT_EQ(target->query("y"), "1");
}

TEST(Target, allows_slashes_and_dots_in_the_query) {
  const auto target = Target::parse("/a?x=/../b?c");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query("x"), "/../b?c");
}

}  // namespace
}  // namespace chartmuseum::http
