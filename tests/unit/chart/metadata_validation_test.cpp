// SPDX-License-Identifier: Apache-2.0
#include "chart/metadata_validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace chartmuseum::chart {
namespace {

using testing::ElementsAre;
using testing::Pair;

DecodedMetadata minimal() {
  DecodedMetadata metadata;
  metadata.api_version = "v2";
  metadata.name = "web";
  metadata.version = "1.2.3";
  return metadata;
}

template <class T>
DecodedList<T> list(std::vector<T> items) {
  const std::size_t size = items.size();
  return {.items = std::move(items), .size = size};
}

std::string problem(DecodedMetadata metadata) {
  const auto result = validate_metadata(std::move(metadata));
  return result ? "" : result.error().message;
}

/// What is wrong with metadata that `change` made of a valid one.
template <class Change>
std::string problem_after(Change change) {
  DecodedMetadata metadata = minimal();
  change(metadata);
  return problem(std::move(metadata));
}

DecodedDependency dependency(std::string name, std::string alias = "") {
  DecodedDependency result;
  result.name = std::move(name);
  result.alias = std::move(alias);
  return result;
}

TEST(MetadataValidation, takes_over_what_was_decoded) {
  DecodedMetadata decoded = minimal();
  decoded.keywords = list<std::string>({"a", "", "behind the end"});
  decoded.keywords.size = 2;
  decoded.annotations = {{"b", "2"}, {"a", "1"}};
  decoded.maintainers = list<std::optional<Maintainer>>({Maintainer{}, Maintainer{"n", "e", "u"}});
  decoded.deprecated = true;
  decoded.type = "library";
  const Metadata metadata = validate_metadata(std::move(decoded)).value();
  EXPECT_EQ(metadata.name, "web");
  EXPECT_THAT(metadata.keywords, ElementsAre("a", ""));
  EXPECT_THAT(metadata.annotations, ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_THAT(metadata.maintainers, ElementsAre(Maintainer{}, Maintainer{"n", "e", "u"}));
  EXPECT_TRUE(metadata.deprecated);
  EXPECT_EQ(metadata.type, "library");
}

TEST(MetadataValidation, cleans_texts_but_for_version_type_api_version_alias_and_annotations) {
  const std::string dirty = "a\tb\u200B";
  DecodedMetadata decoded = minimal();
  for (std::string* text :
       {&decoded.name, &decoded.description, &decoded.home, &decoded.icon, &decoded.condition,
        &decoded.tags, &decoded.app_version, &decoded.kube_version, &decoded.api_version}) {
    *text = dirty;
  }
  decoded.sources = list<std::string>({dirty});
  decoded.keywords = list<std::string>({dirty});
  decoded.annotations = {{dirty, dirty}};
  decoded.maintainers = list<std::optional<Maintainer>>({Maintainer{dirty, dirty, dirty}});
  DecodedDependency with;
  with.name = with.version = with.repository = with.condition = dirty;
  with.tags = list<std::string>({dirty});
  with.import_values = list<encoding::Value>({encoding::Value(dirty)});
  decoded.dependencies = list<std::optional<DecodedDependency>>({with});

  const Metadata metadata = validate_metadata(std::move(decoded)).value();
  for (const std::string* text :
       {&metadata.name, &metadata.description, &metadata.home, &metadata.icon, &metadata.condition,
        &metadata.tags, &metadata.app_version, &metadata.kube_version, &metadata.sources[0],
        &metadata.keywords[0], &metadata.maintainers[0].name, &metadata.maintainers[0].email,
        &metadata.maintainers[0].url, &metadata.dependencies[0].name,
        &metadata.dependencies[0].version, &metadata.dependencies[0].repository,
        &metadata.dependencies[0].condition, &metadata.dependencies[0].tags[0]}) {
    EXPECT_EQ(*text, "a b");
  }
  EXPECT_EQ(metadata.api_version, dirty);
  EXPECT_THAT(metadata.annotations, ElementsAre(Pair(dirty, dirty)));
  EXPECT_THAT(metadata.dependencies[0].import_values, ElementsAre(encoding::Value(dirty)));
}

TEST(MetadataValidation, wants_an_api_version_a_name_and_a_version) {
  EXPECT_EQ(problem_after([](auto& metadata) { metadata.api_version = ""; }),
            "validation: chart.metadata.apiVersion is required");
  EXPECT_EQ(problem_after([](auto& metadata) { metadata.name = ""; }),
            "validation: chart.metadata.name is required");
  EXPECT_EQ(problem_after([](auto& metadata) { metadata.name = "\u200B"; }),
            "validation: chart.metadata.name is required");
  EXPECT_EQ(problem_after([](auto& metadata) { metadata.version = ""; }),
            "validation: chart.metadata.version is required");
}

TEST(MetadataValidation, refuses_names_that_are_paths) {
  const auto problem_of = [](std::string name) {
    return problem_after([&](auto& metadata) { metadata.name = std::move(name); });
  };
  EXPECT_EQ(problem_of("."), "validation: chart.metadata.name \".\" is not allowed");
  EXPECT_EQ(problem_of(".."), "validation: chart.metadata.name \"..\" is not allowed");
  EXPECT_EQ(problem_of("a/b"), "validation: chart.metadata.name \"a/b\" is invalid");
  EXPECT_EQ(problem_of("a/"), "validation: chart.metadata.name \"a/\" is invalid");
  EXPECT_EQ(problem_of("../x"), "validation: chart.metadata.name \"../x\" is invalid");
  EXPECT_EQ(problem_of("/"), "validation: chart.metadata.name \"/\" is invalid");
  EXPECT_EQ(problem_of("\"/é"), "validation: chart.metadata.name \"\\\"/é\" is invalid");
}

TEST(MetadataValidation, takes_any_other_name) {
  for (const char* name :
       {"a b", "UPPER", "a\\b", "%2F", "\U0001F600", ".hidden", "-dash", "...", " "}) {
    EXPECT_EQ(problem_after([&](auto& metadata) { metadata.name = name; }), "") << name;
  }
}

TEST(MetadataValidation, wants_a_version_that_is_one) {
  const auto problem_of = [](std::string version) {
    return problem_after([&](auto& metadata) { metadata.version = std::move(version); });
  };
  EXPECT_EQ(problem_of("v1.2-rc+b"), "");
  EXPECT_EQ(problem_of(" 1.0.0"), "validation: chart.metadata.version \" 1.0.0\" is invalid");
  EXPECT_EQ(problem_of("1.0.0\n"), "validation: chart.metadata.version \"1.0.0\\n\" is invalid");
  EXPECT_EQ(problem_of("1/2"), "validation: chart.metadata.version \"1/2\" is invalid");
}

TEST(MetadataValidation, knows_two_types) {
  for (const char* type : {"", "application", "library"}) {
    EXPECT_EQ(problem_after([&](auto& metadata) { metadata.type = type; }), "");
  }
  for (const char* type : {"Application", "plugin", " ", "library "}) {
    EXPECT_EQ(problem_after([&](auto& metadata) { metadata.type = type; }),
              "validation: chart.metadata.type must be application or library");
  }
}

TEST(MetadataValidation, refuses_null_maintainers_and_dependencies) {
  EXPECT_EQ(problem_after([](auto& metadata) {
              metadata.maintainers = list<std::optional<Maintainer>>({Maintainer{}, std::nullopt});
            }),
            "validation: maintainers must not contain empty or null nodes");
  EXPECT_EQ(problem_after([](auto& metadata) {
              metadata.dependencies = list<std::optional<DecodedDependency>>({std::nullopt});
            }),
            "validation: dependencies must not contain empty or null nodes");
}

TEST(MetadataValidation, wants_plain_aliases) {
  const auto problem_of = [](std::string alias) {
    return problem_after([&](auto& metadata) {
      metadata.dependencies =
          list<std::optional<DecodedDependency>>({dependency("a\tb", std::move(alias))});
    });
  };
  EXPECT_EQ(problem_of("My_alias-1"), "");
  for (const char* alias : {"a b", "a.b", "é", "a\n", "a/b", "\u200B"}) {
    EXPECT_EQ(problem_of(alias),
              "validation: dependency \"a b\" has disallowed characters in the alias");
  }
}

TEST(MetadataValidation, wants_each_dependency_under_a_name_of_its_own) {
  const auto problem_of = [](std::vector<std::optional<DecodedDependency>> dependencies) {
    return problem_after(
        [&](auto& metadata) { metadata.dependencies = list(std::move(dependencies)); });
  };
  EXPECT_EQ(problem_of({dependency("a"), dependency("a", "b"), dependency("A")}), "");
  EXPECT_EQ(problem_of({dependency("a"), dependency("a")}),
            "validation: more than one dependency with name or alias \"a\"");
  EXPECT_EQ(problem_of({dependency("a", "b"), dependency("b")}),
            "validation: more than one dependency with name or alias \"b\"");
  EXPECT_EQ(problem_of({dependency(""), dependency("")}),
            "validation: more than one dependency with name or alias \"\"");
  EXPECT_EQ(problem_of({dependency("a\u200B"), dependency("a")}),
            "validation: more than one dependency with name or alias \"a\"");
}

TEST(MetadataValidation, names_the_first_problem_in_helms_order) {
  DecodedMetadata metadata;
  metadata.version = "x";
  metadata.type = "x";
  metadata.maintainers = list<std::optional<Maintainer>>({std::nullopt});
  metadata.dependencies = list<std::optional<DecodedDependency>>({std::nullopt});
  EXPECT_EQ(problem(metadata), "validation: chart.metadata.apiVersion is required");
  metadata.api_version = "v1";
  EXPECT_EQ(problem(metadata), "validation: chart.metadata.name is required");
  metadata.name = "a";
  EXPECT_EQ(problem(metadata), "validation: chart.metadata.version \"x\" is invalid");
  metadata.version = "1";
  EXPECT_EQ(problem(metadata), "validation: chart.metadata.type must be application or library");
  metadata.type = "";
  EXPECT_EQ(problem(metadata), "validation: maintainers must not contain empty or null nodes");
  metadata.maintainers = {};
  EXPECT_EQ(problem(metadata), "validation: dependencies must not contain empty or null nodes");
}

}  // namespace
}  // namespace chartmuseum::chart
