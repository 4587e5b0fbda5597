// SPDX-License-Identifier: Apache-2.0
#include "options/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace chartmuseum::options {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Texts = std::vector<std::string>;

ConfigFile read(std::string_view text) {
  auto file = parse_config(text, "museum.yaml");
  if (!file) ADD_FAILURE() << file.error().message;
  return file ? std::move(*file) : ConfigFile{};
}

Texts texts(std::string_view text, std::string_view flag) {
  for (const Given& one : read(text).given) {
    if (one.option->flag == flag) return one.texts;
  }
  return {};
}

std::string problem(std::string_view text) {
  const auto file = parse_config(text, "museum.yaml");
  return file ? "none" : file.error().message;
}

TEST(ConfigFile, takes_nested_and_dotted_keys) {
  for (const char* text : {"storage:\n  local:\n    rootdir: /x\n", "storage.local.rootdir: /x\n",
                           "storage.local:\n  rootdir: /x\n", "storage:\n  local.rootdir: /x\n",
                           "{storage: {local: {rootdir: /x}}}"}) {
    EXPECT_EQ(texts(text, "storage-local-rootdir"), Texts{"/x"}) << text;
  }
}

TEST(ConfigFile, takes_keys_in_any_letter_case) {
  EXPECT_EQ(texts("DEBUG: true\n", "debug"), Texts{"true"});
  EXPECT_EQ(texts("Storage:\n  Local:\n    RootDir: /X\n", "storage-local-rootdir"), Texts{"/X"});
}

TEST(ConfigFile, takes_numbers_and_booleans_as_such_or_as_texts) {
  EXPECT_EQ(texts("port: 9090", "port"), Texts{"9090"});
  EXPECT_EQ(texts("port: \"9090\"", "port"), Texts{"9090"});
  EXPECT_EQ(texts("debug: true", "debug"), Texts{"true"});
  EXPECT_EQ(texts("debug: \"true\"", "debug"), Texts{"true"});
  EXPECT_EQ(texts("debug: 1", "debug"), Texts{"1"});
  EXPECT_EQ(texts("basicauth: {pass: 12345}", "basic-auth-pass"), Texts{"12345"});
  EXPECT_EQ(texts("basicauth: {pass: true}", "basic-auth-pass"), Texts{"true"});
}

TEST(ConfigFile, takes_a_null_as_not_given) {
  EXPECT_THAT(read("port:\nstorage:\n").given, IsEmpty());
}

TEST(ConfigFile, may_be_empty) {
  for (const char* text : {"", "# nothing\n", "---\n", "null\n", "{}"})
    EXPECT_THAT(read(text).given, IsEmpty()) << text;
}

TEST(ConfigFile, takes_artifact_hub_ids_in_every_form) {
  const char* flag = "artifact-hub-repo-id";
  EXPECT_EQ(texts("artifact-hub-repo-id: abc", flag), Texts{"abc"});
  EXPECT_EQ(texts("artifact-hub-repo-id: org1=abc", flag), Texts{"org1=abc"});
  EXPECT_EQ(texts("artifact-hub-repo-id:\n  Org1: abc\n  org2/team: def\n", flag),
            (Texts{"Org1=abc", "org2/team=def"}))
      << "a repository's name keeps its case";
  EXPECT_EQ(texts("artifact-hub-repo-id.org1: abc\nartifact-hub-repo-id.org2: def\n", flag),
            (Texts{"org1=abc", "org2=def"}));
}

TEST(ConfigFile, takes_a_duration_without_unit_for_nanoseconds_and_warns) {
  EXPECT_EQ(texts("cacheinterval: 300", "cache-interval"), Texts{"300ns"});
  EXPECT_THAT(read("cacheinterval: 300").warnings,
              ElementsAre("\"cacheinterval\" in museum.yaml: 300 has no unit and is taken for "
                          "nanoseconds; write 300s for seconds"));
  EXPECT_EQ(texts("cacheinterval: 0", "cache-interval"), Texts{"0"});
  EXPECT_THAT(read("cacheinterval: 0").warnings, IsEmpty());
  EXPECT_THAT(read("cacheinterval: 5m").warnings, IsEmpty());
}

TEST(ConfigFile, warns_of_unknown_keys_and_names_the_likely_one) {
  EXPECT_THAT(read("prot: 1\nfoo:\n  bar: 2\nstorage-local-rootdir: /x\n").warnings,
              ElementsAre("\"prot\" in museum.yaml: unknown key, ignored; did you mean port?",
                          "\"foo.bar\" in museum.yaml: unknown key, ignored",
                          "\"storage-local-rootdir\" in museum.yaml: unknown key, ignored; did you "
                          "mean storage.local.rootdir?"));
}

TEST(ConfigFile, does_not_let_the_file_name_another_file) {
  EXPECT_THAT(read("config: other.yaml").warnings, SizeIs(1));
}

TEST(ConfigFile, bounds_its_warnings) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(read(text).warnings, SizeIs(20));
}

TEST(ConfigFile, survives_keys_that_nest_deeply) {
  for (const char* key : {"k", "\"\""}) {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += std::string("{") + key + ": ";
    text += "1" + std::string(2000, '}');
    EXPECT_THAT(read(text).warnings, SizeIs(1)) << key;
  }
}

TEST(ConfigFile, refuses_a_key_that_is_there_twice) {
  EXPECT_THAT(problem("port: 1\nPORT: 2\n"),
              HasSubstr("\"PORT\" in museum.yaml: the key is there twice"));
  EXPECT_THAT(problem("storage.local.rootdir: a\nstorage: {local: {rootdir: b}}\n"),
              HasSubstr("twice"));
}

TEST(ConfigFile, refuses_a_list_or_mapping_where_one_value_is_wanted) {
  EXPECT_THAT(problem("port: [1, 2]"),
              HasSubstr("\"port\" in museum.yaml: a single value is wanted"));
  EXPECT_THAT(problem("debug: {on: true}"), HasSubstr("a single value is wanted"));
  EXPECT_THAT(problem("artifact-hub-repo-id: {org1: [a]}"), HasSubstr("a single value is wanted"));
}

TEST(ConfigFile, refuses_what_is_no_mapping) {
  EXPECT_THAT(problem("- a\n- b\n"),
              HasSubstr("config file \"museum.yaml\": it holds no \"key: value\" lines"));
  EXPECT_THAT(problem("just text"), HasSubstr("it holds no \"key: value\" lines"));
}

TEST(ConfigFile, names_the_line_of_broken_yaml) {
  EXPECT_THAT(problem("port: 1\ndebug: true\n  depth: [\n"),
              testing::MatchesRegex("config file \"museum.yaml\": yaml: line [23]: .*"));
}

class ConfigFolder : public testing::Test {
 protected:
  ConfigFolder() : folder_(std::filesystem::temp_directory_path() / "chartmuseum-config-XXXXXX") {
    std::string name = folder_.string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ConfigFolder() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  std::filesystem::path folder_;
};

TEST_F(ConfigFolder, holds_files_with_the_extension_of_yaml_or_none) {
  for (const char* name : {"a.yaml", "a.yml", "a", ".a"}) {
    const auto file = read_config_file(write(name, "port: 1"));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_THAT(file->given, SizeIs(1));
  }
  const auto file = read_config_file(write("a.json", "{}"));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr("must have the extension .yaml or .yml, or none"));
}

TEST_F(ConfigFolder, tells_why_a_file_cannot_be_read) {
  const auto problem_of = [](const std::string& path) {
    const auto file = read_config_file(path);
    return file ? "none" : file.error().message;
  };
  EXPECT_EQ(problem_of(path("absent.yaml")),
            "config file \"" + path("absent.yaml") + "\" does not exist");
  std::filesystem::create_directory(path("folder"));
  EXPECT_THAT(problem_of(path("folder")), HasSubstr("cannot be read: it is a folder"));
  EXPECT_THAT(problem_of(write("large.yaml", std::string((1 << 20) + 1, '#'))),
              HasSubstr("cannot be read: it is larger than 1 MiB"));
}

}  // namespace
}  // namespace chartmuseum::options
