// SPDX-License-Identifier: Apache-2.0
#include "options/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace chartmuseum::options {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Arguments = std::initializer_list<std::string_view>;

std::vector<Given> given(Arguments arguments) {
  auto parsed = parse_command_line({arguments.begin(), arguments.size()});
  if (!parsed) {
    ADD_FAILURE() << parsed.error().message;
    return {};
  }
  return std::get<std::vector<Given>>(std::move(*parsed));
}

std::vector<std::string> texts(Arguments arguments, std::string_view flag) {
  for (const Given& one : given(arguments)) {
    if (one.option->flag == flag) return one.texts;
  }
  return {};
}

std::string problem(Arguments arguments) {
  const auto parsed = parse_command_line({arguments.begin(), arguments.size()});
  return parsed ? "none" : parsed.error().message;
}

TEST(CommandLine, takes_a_value_behind_an_equals_sign_or_as_the_next_argument) {
  EXPECT_THAT(texts({"--port=1"}, "port"), ElementsAre("1"));
  EXPECT_THAT(texts({"--port", "1"}, "port"), ElementsAre("1"));
  EXPECT_THAT(texts({"-port=1"}, "port"), ElementsAre("1"));
  EXPECT_THAT(texts({"-port", "1"}, "port"), ElementsAre("1"));
  EXPECT_THAT(texts({"-c", "museum.yaml"}, "config"), ElementsAre("museum.yaml"));
  EXPECT_THAT(texts({"-c=museum.yaml"}, "config"), ElementsAre("museum.yaml"));
  EXPECT_THAT(texts({"--config", "museum.yaml"}, "config"), ElementsAre("museum.yaml"));
}

TEST(CommandLine, takes_booleans_without_value_or_behind_an_equals_sign) {
  EXPECT_THAT(texts({"--debug", "--port=1"}, "debug"), ElementsAre("true"));
  EXPECT_THAT(texts({"-debug"}, "debug"), ElementsAre("true"));
  EXPECT_THAT(texts({"--debug=false"}, "debug"), ElementsAre("false"));
}

TEST(CommandLine, keeps_values_as_they_are) {
  EXPECT_THAT(texts({"--chart-url="}, "chart-url"), ElementsAre("")) << "empty";
  EXPECT_THAT(texts({"--chart-url", ""}, "chart-url"), ElementsAre("")) << "empty";
  EXPECT_THAT(texts({"--depth", "-1"}, "depth"), ElementsAre("-1")) << "with a dash";
  EXPECT_THAT(texts({"--basic-auth-pass", "--s=3"}, "basic-auth-pass"), ElementsAre("--s=3"));
  EXPECT_THAT(texts({"--chart-url=a=b"}, "chart-url"), ElementsAre("a=b")) << "with an equals sign";
}

TEST(CommandLine, lets_the_last_of_repeated_options_count) {
  EXPECT_THAT(texts({"--port=1", "--debug", "--port=2"}, "port"), ElementsAre("2"));
}

TEST(CommandLine, collects_repeated_key_values) {
  EXPECT_THAT(texts({"--artifact-hub-repo-id=a=1", "--artifact-hub-repo-id", "b=2"},
                    "artifact-hub-repo-id"),
              ElementsAre("a=1", "b=2"));
}

TEST(CommandLine, names_the_flag_as_the_place_of_a_value) {
  EXPECT_EQ(given({"-c=x"}).front().place, "--config");
}

TEST(CommandLine, answers_inquiries_before_anything_else) {
  const auto inquiry = [](Arguments arguments) {
    const auto parsed = parse_command_line({arguments.begin(), arguments.size()});
    return parsed && std::holds_alternative<Inquiry>(*parsed)
               ? std::optional(std::get<Inquiry>(*parsed))
               : std::nullopt;
  };
  for (const std::string_view help : {"--help", "-help", "-h", "--h", "help"}) {
    EXPECT_EQ(inquiry({help, "--nonsense"}), Inquiry::help) << help;
  }
  for (const std::string_view version : {"--version", "-version", "-v"}) {
    EXPECT_EQ(inquiry({"--debug", version}), Inquiry::version) << version;
  }
}

TEST(CommandLine, names_unknown_options_and_what_was_perhaps_meant) {
  EXPECT_EQ(problem({"--prot=1"}), "unknown option \"--prot\"; did you mean --port?");
  EXPECT_EQ(problem({"--storage-local-root=x"}),
            "unknown option \"--storage-local-root\"; did you mean --storage-local-rootdir?");
  EXPECT_EQ(problem({"--frobnicate"}), "unknown option \"--frobnicate\"");
  EXPECT_EQ(problem({"--hlep"}), "unknown option \"--hlep\"; did you mean --help?");
}

TEST(CommandLine, shows_no_value_of_an_unknown_option) {
  EXPECT_THAT(problem({"--basic-auth-pas=hunter2"}), Not(HasSubstr("hunter2")));
}

TEST(CommandLine, refuses_options_that_lack_their_value) {
  EXPECT_EQ(problem({"--port"}), "--port needs a value");
  EXPECT_THAT(problem({"--storage-local-rootdir", "--debug"}),
              HasSubstr("--storage-local-rootdir needs a value, but --debug follows it"));
}

TEST(CommandLine, refuses_arguments_that_belong_to_no_option) {
  EXPECT_EQ(problem({"serve"}), "unexpected argument \"serve\"; options begin with --");
  EXPECT_EQ(problem({"--port=1", "x"}),
            "unexpected argument \"x\" after --port; options begin with --");
  EXPECT_THAT(problem({""}), HasSubstr("unexpected argument \"\""));
  EXPECT_THAT(problem({"-"}), HasSubstr("unexpected argument \"-\""));
  EXPECT_THAT(problem({"--", "x"}), HasSubstr("unexpected argument \"--\""));
  EXPECT_EQ(problem({"--debug", "--"}), "none");
}

TEST(CommandLine, explains_how_a_boolean_is_given) {
  EXPECT_EQ(problem({"--debug", "false"}), "--debug false: write --debug=false");
}

TEST(CommandLine, shows_nothing_that_follows_a_secret) {
  EXPECT_EQ(problem({"--basic-auth-pass", "correct", "horse"}),
            "unexpected argument after --basic-auth-pass; options begin with --");
}

TEST(CommandLine, shows_no_control_characters) {
  EXPECT_EQ(problem({"--a\x1b[2J"}), "unknown option \"--a?[2J\"");
}

}  // namespace
}  // namespace chartmuseum::options
