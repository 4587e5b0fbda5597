// SPDX-License-Identifier: Apache-2.0
#include "auth/repository_glob.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::auth {
namespace {

bool matches(std::string_view pattern, std::string_view repository) {
  const auto glob = RepositoryGlob::parse(pattern);
  if (!glob) {
    ADD_FAILURE() << pattern << ": " << glob.error();
    return false;
  }
  return glob->matches(repository);
}

TEST(RepositoryGlob, matches_a_name_letter_by_letter) {
  EXPECT_TRUE(matches("org1/repo", "org1/repo"));
  EXPECT_FALSE(matches("org1/repo", "org1/Repo"));
  EXPECT_FALSE(matches("org1/repo", "org1/rep"));
  EXPECT_FALSE(matches("org1/repo", "org1/repos"));
  EXPECT_FALSE(matches("org1", "org1/repo"));
  EXPECT_FALSE(matches("org1/repo", "org1"));
}

TEST(RepositoryGlob, has_stars_that_stay_within_a_segment) {
  EXPECT_TRUE(matches("org1/*", "org1/repo"));
  EXPECT_FALSE(matches("org1/*", "org1"));
  EXPECT_FALSE(matches("org1/*", "org1/a/b"));
  EXPECT_FALSE(matches("org1/*", "org2/repo"));
  EXPECT_FALSE(matches("*", ""));
  EXPECT_TRUE(matches("a*c", "ac"));
  EXPECT_TRUE(matches("a*c", "abcbc"));
  EXPECT_FALSE(matches("a*c", "abcb"));
  EXPECT_TRUE(matches("*-stable-*", "x-stable-stable-1"));
  EXPECT_FALSE(matches("*-stable-*", "x-stable"));
}

TEST(RepositoryGlob, has_double_stars_for_any_number_of_segments) {
  for (const char* repository : {"", "a", "a/b", "a/b/c"}) {
    EXPECT_TRUE(matches("**", repository)) << repository;
  }
  EXPECT_TRUE(matches("org1/**", "org1"));
  EXPECT_TRUE(matches("org1/**", "org1/a/b"));
  EXPECT_FALSE(matches("org1/**", "org10/a"));
  EXPECT_TRUE(matches("**/prod", "prod"));
  EXPECT_TRUE(matches("**/prod", "a/prod/prod"));
  EXPECT_FALSE(matches("**/prod", "a/prod/b"));
  EXPECT_TRUE(matches("a/**/b/**/c", "a/x/b/y/b/z/c"));
  EXPECT_FALSE(matches("a/**/b/**/c", "a/x/y/c"));
}

TEST(RepositoryGlob, has_question_marks_for_one_character) {
  EXPECT_TRUE(matches("org?", "org1"));
  EXPECT_FALSE(matches("org?", "org"));
  EXPECT_FALSE(matches("org?", "org12"));
  EXPECT_FALSE(matches("org?repo", "org/repo"));
  EXPECT_TRUE(matches("caf?", "caf\u00e9"));
  EXPECT_TRUE(matches("*?", "\u00e9"));
  EXPECT_FALSE(matches("??", "\u00e9"));
}

TEST(RepositoryGlob, has_a_dot_for_the_one_repository_of_a_server_without_depth) {
  EXPECT_TRUE(matches(".", ""));
  EXPECT_FALSE(matches(".", "org1"));
  EXPECT_FALSE(matches(".", "."));
}

TEST(RepositoryGlob, takes_names_as_they_are) {
  EXPECT_TRUE(matches("a.b", "a.b"));
  EXPECT_FALSE(matches("a.b", "axb"));
  EXPECT_TRUE(matches("a+(b)$^|", "a+(b)$^|"));
}

TEST(RepositoryGlob, refuses_what_cannot_be_meant) {
  const auto objection = [](std::string_view pattern) {
    return RepositoryGlob::parse(pattern).error();
  };
  for (const char* pattern : {"/org1", "org1/", "org1//a", "/"}) {
    EXPECT_EQ(objection(pattern), "an empty segment") << pattern;
  }
  for (const char* pattern : {"org**", "a/**b", "***", "a/***"}) {
    EXPECT_EQ(objection(pattern), "\"**\" within a segment") << pattern;
  }
  EXPECT_EQ(objection("a/../b"), "a segment \"..\"");
  EXPECT_EQ(objection("./a"), "a segment \".\"");
  EXPECT_EQ(objection("org[12]"), "a \"[\"; only *, ** and ? stand for something");
  EXPECT_EQ(objection("{a,b}"), "a \"{\"; only *, ** and ? stand for something");
  EXPECT_EQ(objection(std::string_view("a\0b", 3)), "a control character");
  EXPECT_EQ(objection(""), "nothing; the repository of a server without depth is \".\"");
}

TEST(RepositoryGlob, tells_whether_it_is_for_all) {
  EXPECT_TRUE(RepositoryGlob::parse("**")->matches_all());
  EXPECT_TRUE(RepositoryGlob::parse("**/**")->matches_all());
  for (const char* pattern : {"*", ".", "a/**", "**/a"}) {
    EXPECT_FALSE(RepositoryGlob::parse(pattern)->matches_all()) << pattern;
  }
}

// With a matcher that tries every way to divide the name among the stars, this would never end.
TEST(RepositoryGlob, has_an_answer_however_many_stars_there_are) {
  std::string stars;
  std::string segments;
  for (int i = 0; i < 100; ++i) {
    stars += "*a";
    segments += "**/a/";
  }
  EXPECT_FALSE(matches(stars + "b", std::string(1000, 'a')));
  std::string name = "a";
  for (int i = 0; i < 500; ++i) name += "/a";
  EXPECT_FALSE(matches(segments + "b", name));
  EXPECT_TRUE(matches(segments + "*", name));
}

}  // namespace
}  // namespace chartmuseum::auth
