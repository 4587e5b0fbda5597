// SPDX-License-Identifier: Apache-2.0
#include "chart/metadata_decoder.hpp"

#include "encoding/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace chartmuseum::chart {
namespace {

using encoding::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

/// The result of decoding `documents` one over the other.
std::expected<DecodedMetadata, PackageError> decode(
    std::initializer_list<std::string_view> documents) {
  DecodedMetadata metadata;
  encoding::YamlBudget budget;
  for (const std::string_view yaml : documents) {
    if (auto done = decode_metadata(yaml, "Chart.yaml", budget, metadata); !done) {
      return std::unexpected(done.error());
    }
  }
  return metadata;
}

DecodedMetadata decoded(std::string_view yaml) {
  return decode({yaml}).value();
}

/// Why Chart.yaml is refused, without what all such errors begin with.
std::string problem(std::string_view yaml) {
  const auto result = decode({yaml});
  if (result) return "";
  std::string_view message = result.error().message;
  for (const std::string_view prefix :
       {"cannot load Chart.yaml: ", "error unmarshaling JSON: while decoding JSON: "}) {
    if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  }
  return std::string(message);
}

template <class T>
std::vector<T> items(const DecodedList<T>& list) {
  return {list.items.begin(), list.items.begin() + static_cast<std::ptrdiff_t>(list.size)};
}

std::string text(std::string_view scalar) {
  return decoded("appVersion: " + std::string(scalar)).app_version;
}

TEST(MetadataDecoder, fills_every_field) {
  const DecodedMetadata metadata = decoded(R"(
apiVersion: v2
name: web
version: 1.2.3
description: a chart
home: https://example.com
icon: https://example.com/i.png
type: library
appVersion: 4.5.6
kubeVersion: ">=1.20"
condition: web.on
tags: front
deprecated: true
sources: [https://example.com/src]
keywords: [a, b]
annotations: {license: MIT, x/y: z}
maintainers: [{name: m, email: e, url: u}]
dependencies:
- {name: d, version: 1.x, repository: r, condition: c, tags: [t], enabled: true, import-values: [v], alias: a}
)");
  EXPECT_EQ(metadata.api_version, "v2");
  EXPECT_EQ(metadata.name, "web");
  EXPECT_EQ(metadata.version, "1.2.3");
  EXPECT_EQ(metadata.description, "a chart");
  EXPECT_EQ(metadata.home, "https://example.com");
  EXPECT_EQ(metadata.icon, "https://example.com/i.png");
  EXPECT_EQ(metadata.type, "library");
  EXPECT_EQ(metadata.app_version, "4.5.6");
  EXPECT_EQ(metadata.kube_version, ">=1.20");
  EXPECT_EQ(metadata.condition, "web.on");
  EXPECT_EQ(metadata.tags, "front");
  EXPECT_TRUE(metadata.deprecated);
  EXPECT_THAT(items(metadata.sources), ElementsAre("https://example.com/src"));
  EXPECT_THAT(items(metadata.keywords), ElementsAre("a", "b"));
  EXPECT_THAT(metadata.annotations, ElementsAre(Pair("license", "MIT"), Pair("x/y", "z")));
  EXPECT_THAT(items(metadata.maintainers), ElementsAre(Maintainer{"m", "e", "u"}));
  ASSERT_EQ(metadata.dependencies.size, 1U);
  const DecodedDependency& dependency = metadata.dependencies.items[0].value();
  EXPECT_EQ(dependency.name, "d");
  EXPECT_EQ(dependency.version, "1.x");
  EXPECT_EQ(dependency.repository, "r");
  EXPECT_EQ(dependency.condition, "c");
  EXPECT_THAT(items(dependency.tags), ElementsAre("t"));
  EXPECT_TRUE(dependency.enabled);
  EXPECT_THAT(items(dependency.import_values), ElementsAre(Value(std::string("v"))));
  EXPECT_EQ(dependency.alias, "a");
}

TEST(MetadataDecoder, takes_an_absent_api_version_as_v1) {
  EXPECT_EQ(decoded("name: x").api_version, "v1");
  EXPECT_EQ(decoded("").api_version, "v1");
  EXPECT_EQ(decoded("apiVersion: ''").api_version, "v1");
  EXPECT_EQ(decoded("apiVersion: v3").api_version, "v3");
}

TEST(MetadataDecoder, leaves_the_api_version_alone_after_requirements) {
  DecodedMetadata metadata = decoded("apiVersion: v2");
  encoding::YamlBudget budget;
  ASSERT_TRUE(decode_metadata("apiVersion: ''", "requirements.yaml", budget, metadata));
  EXPECT_EQ(metadata.api_version, "");
}

TEST(MetadataDecoder, ignores_unknown_fields) {
  EXPECT_EQ(decoded("engine: gotpl\nurls: [x]\nname: x\ndigest: {a: [1, 2]}"), decoded("name: x"));
  EXPECT_EQ(decoded("app_version: 1\nname : x"), decoded("name: x"));
}

TEST(MetadataDecoder, takes_numbers_and_booleans_as_text_where_text_is_wanted) {
  EXPECT_EQ(text("1.10"), "1.1");
  EXPECT_EQ(text("1.0"), "1");
  EXPECT_EQ(text("1e3"), "1000");
  EXPECT_EQ(text("1000000.0"), "1e+06");
  EXPECT_EQ(text("3.14159265358979"), "3.1415927");
  EXPECT_EQ(text("0x1F"), "31");
  EXPECT_EQ(text("1_000"), "1000");
  EXPECT_EQ(text("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(text("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(text("yes"), "true");
  EXPECT_EQ(text("off"), "false");
  EXPECT_EQ(text(".inf"), "+Inf");
  EXPECT_EQ(text("-.inf"), "-Inf");
  EXPECT_EQ(text(".nan"), "NaN");
  EXPECT_EQ(text("2001-01-01"), "2001-01-01");
  EXPECT_EQ(text("null"), "");
  EXPECT_EQ(text("'1.10'"), "1.10");
}

TEST(MetadataDecoder, takes_numbers_as_text_within_lists_and_mappings_of_text_too) {
  const DecodedMetadata metadata = decoded(
      "keywords: [1.10, yes, null, '']\nannotations: {1.5: 1e3, yes: no, k: null}\n"
      "maintainers: [{name: 7}]\ndependencies: [{name: 1.10, tags: [.inf]}]");
  EXPECT_THAT(items(metadata.keywords), ElementsAre("1.1", "true", "", ""));
  EXPECT_THAT(metadata.annotations,
              ElementsAre(Pair("1.5", "1000"), Pair("k", ""), Pair("true", "false")));
  EXPECT_EQ(metadata.maintainers.items[0]->name, "7");
  EXPECT_EQ(metadata.dependencies.items[0]->name, "1.1");
  EXPECT_THAT(items(metadata.dependencies.items[0]->tags), ElementsAre("+Inf"));
}

TEST(MetadataDecoder, keeps_the_types_of_import_values_but_makes_every_number_a_float) {
  const DecodedMetadata metadata = decoded(
      "dependencies: [{import-values: [a, 1, 18446744073709551615, 1.5, true, null, {z: 2, b: "
      "[3]}]}]");
  const auto values = items(metadata.dependencies.items[0]->import_values);
  const Value three(Value::List{Value(3.0)});
  EXPECT_THAT(values, ElementsAre(Value(std::string("a")), Value(1.0),
                                  Value(18446744073709551615.0), Value(1.5), Value(true), Value(),
                                  Value(Value::Mapping{{"b", three}, {"z", Value(2.0)}})));
}

TEST(MetadataDecoder, matches_keys_whatever_their_case) {
  EXPECT_EQ(decoded("APPVERSION: '1'").app_version, "1");
  EXPECT_EQ(decoded("appversion: '1'").app_version, "1");
  EXPECT_EQ(decoded("Maintainers: [{NAME: m}]").maintainers.items[0]->name, "m");
  EXPECT_EQ(
      decoded("dependencies: [{Import-Values: [a]}]").dependencies.items[0]->import_values.size,
      1U);
  EXPECT_EQ(
      decoded("dependencies: [{ImportValues: [a]}]").dependencies.items[0]->import_values.size, 0U);
}

TEST(MetadataDecoder, folds_the_two_characters_beyond_ascii_that_fold_onto_letters) {
  EXPECT_THAT(items(decoded("\u212Aeyword\u017F: [a]").keywords), ElementsAre("a"));
  EXPECT_EQ(decoded("ver\u017Fion: '1'").version, "1");
  EXPECT_EQ(decoded("\u0131con: x").icon, "");  // dotless i folds onto nothing else
  EXPECT_EQ(decoded("vers\u0130on: x").version, "");
}

TEST(MetadataDecoder, does_not_fold_the_keys_of_annotations) {
  EXPECT_THAT(decoded("annotations: {A: b, a: c}").annotations,
              ElementsAre(Pair("A", "b"), Pair("a", "c")));
}

TEST(MetadataDecoder, decodes_several_spellings_of_a_key_in_byte_order) {
  EXPECT_EQ(decoded("name: lower\nNAME: upper\nName: mixed").name, "lower");
  EXPECT_EQ(decoded("Name: mixed\nNAME: upper").name, "mixed");
  EXPECT_EQ(decoded("de\u017Fcription: long\ndescription: plain").description, "long");
}

TEST(MetadataDecoder, keeps_the_old_text_where_null_is_decoded_over_it) {
  EXPECT_EQ(decode({"name: a\ndeprecated: true", "name: null\ndeprecated: null"})->name, "a");
  EXPECT_TRUE(decode({"deprecated: true", "deprecated: null"})->deprecated);
  EXPECT_EQ(decode({"name: a", ""})->name, "a");
}

TEST(MetadataDecoder, empties_lists_and_mappings_that_null_is_decoded_over) {
  EXPECT_THAT(items(decode({"keywords: [a]", "keywords: null"})->keywords), IsEmpty());
  EXPECT_THAT(decode({"annotations: {a: b}", "annotations: null"})->annotations, IsEmpty());
  EXPECT_THAT(items(decode({"maintainers: [{name: a}]", "maintainers: null"})->maintainers),
              IsEmpty());
}

TEST(MetadataDecoder, merges_mappings_key_by_key) {
  EXPECT_THAT(decode({"annotations: {a: b, c: d}", "annotations: {c: e, f: null}"})->annotations,
              ElementsAre(Pair("a", "b"), Pair("c", "e"), Pair("f", "")));
  EXPECT_THAT(decode({"annotations: {a: b}", "annotations: {a: null}"})->annotations,
              ElementsAre(Pair("a", "")));
}

TEST(MetadataDecoder, decodes_lists_item_by_item_over_the_old_items) {
  EXPECT_THAT(items(decode({"keywords: [a, b, c]", "keywords: [x, null]"})->keywords),
              ElementsAre("x", "b"));
  EXPECT_THAT(
      items(decode({"maintainers: [{name: a, email: e}]", "maintainers: [{name: b}, {url: u}]"})
                ->maintainers),
      ElementsAre(Maintainer{"b", "e", ""}, Maintainer{"", "", "u"}));
}

TEST(MetadataDecoder, finds_old_items_again_behind_the_end_of_a_shortened_list) {
  EXPECT_THAT(
      items(decoded("KEYWORDS: [a, b, c]\nKeywords: [x]\nkeywords: [null, null, null, null]")
                .keywords),
      ElementsAre("x", "b", "c", ""));
  EXPECT_THAT(items(decoded("KEYWORDS: [a, b]\nKeywords: []\nkeywords: [null, null]").keywords),
              ElementsAre("", ""));
}

TEST(MetadataDecoder, remembers_null_items_of_lists_of_objects) {
  const DecodedMetadata metadata = decoded("maintainers: [null, {}]\ndependencies: [~]");
  EXPECT_THAT(items(metadata.maintainers), ElementsAre(std::nullopt, Maintainer{}));
  EXPECT_THAT(items(metadata.dependencies), ElementsAre(std::nullopt));
  EXPECT_THAT(items(decode({"maintainers: [{name: a}]", "maintainers: [null]"})->maintainers),
              ElementsAre(std::nullopt));
}

TEST(MetadataDecoder, refuses_a_value_of_the_wrong_type_in_gos_words) {
  const std::string cannot = "json: cannot unmarshal ";
  EXPECT_EQ(decode({"keywords: x"}).error().message,
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot "
            "unmarshal string into Go struct field Metadata.keywords of type []string");
  EXPECT_EQ(problem("keywords: ''"),
            cannot + "string into Go struct field Metadata.keywords of type []string");
  EXPECT_EQ(problem("KEYWORDS: 1.5"),
            cannot + "number into Go struct field Metadata.keywords of type []string");
  EXPECT_EQ(problem("sources: {}"),
            cannot + "object into Go struct field Metadata.sources of type []string");
  EXPECT_EQ(problem("sources: [[x]]"),
            cannot + "array into Go struct field Metadata.sources of type string");
  EXPECT_EQ(problem("name: []"),
            cannot + "array into Go struct field Metadata.name of type string");
  EXPECT_EQ(problem("appVersion: {a: b}"),
            cannot + "object into Go struct field Metadata.appVersion of type string");
  EXPECT_EQ(problem("deprecated: 'true'"),
            cannot + "string into Go struct field Metadata.deprecated of type bool");
  EXPECT_EQ(problem("deprecated: 1"),
            cannot + "number into Go struct field Metadata.deprecated of type bool");
  EXPECT_EQ(problem("annotations: yes"),
            cannot + "bool into Go struct field Metadata.annotations of type map[string]string");
  EXPECT_EQ(problem("annotations: {a: []}"),
            cannot + "array into Go struct field Metadata.annotations of type string");
  EXPECT_EQ(
      problem("maintainers: x"),
      cannot + "string into Go struct field Metadata.maintainers of type []*chart.Maintainer");
  EXPECT_EQ(problem("maintainers: [x]"),
            cannot + "string into Go struct field Metadata.maintainers of type chart.Maintainer");
  EXPECT_EQ(problem("maintainers: [{name: []}]"),
            cannot + "array into Go struct field Maintainer.maintainers.name of type string");
  EXPECT_EQ(
      problem("dependencies: {}"),
      cannot + "object into Go struct field Metadata.dependencies of type []*chart.Dependency");
  EXPECT_EQ(problem("dependencies: [1]"),
            cannot + "number into Go struct field Metadata.dependencies of type chart.Dependency");
  EXPECT_EQ(problem("dependencies: [{tags: x}]"),
            cannot + "string into Go struct field Dependency.dependencies.tags of type []string");
  EXPECT_EQ(problem("dependencies: [{enabled: 1}]"),
            cannot + "number into Go struct field Dependency.dependencies.enabled of type bool");
  EXPECT_EQ(problem("dependencies: [{import-values: x}]"),
            cannot +
                "string into Go struct field Dependency.dependencies.import-values of type "
                "[]interface {}");
}

TEST(MetadataDecoder, refuses_a_document_that_is_no_mapping) {
  const std::string into = " into Go value of type chart.Metadata";
  EXPECT_EQ(problem("[]"), "json: cannot unmarshal array" + into);
  EXPECT_EQ(problem("text"), "json: cannot unmarshal string" + into);
  EXPECT_EQ(problem("12"), "json: cannot unmarshal number" + into);
  EXPECT_EQ(problem("true"), "json: cannot unmarshal bool" + into);
}

TEST(MetadataDecoder, names_the_first_problem_in_byte_order_of_the_keys) {
  EXPECT_EQ(problem("name: [1]\nNAME: {}"),
            "json: cannot unmarshal object into Go struct field Metadata.name of type string");
  EXPECT_EQ(
      problem("version: {}\nkeywords: x"),
      "json: cannot unmarshal string into Go struct field Metadata.keywords of type []string");
}

TEST(MetadataDecoder, refuses_infinities_wherever_no_text_is_wanted) {
  const std::string prefix = "error converting YAML to JSON: json: unsupported value: ";
  EXPECT_EQ(problem("engine: .inf"), prefix + "+Inf");
  EXPECT_EQ(problem("engine: [{a: -.inf}]"), prefix + "-Inf");
  EXPECT_EQ(problem("keywords: .nan"), prefix + "NaN");
  EXPECT_EQ(problem("name: [.inf]"), prefix + "+Inf") << "comes before the wrong type";
  EXPECT_EQ(problem("dependencies: [{import-values: [.inf]}]"), prefix + "+Inf");
  EXPECT_EQ(problem(".inf"), prefix + "+Inf");
}

TEST(MetadataDecoder, refuses_what_is_no_yaml) {
  const auto result = decode({"name: x\n- y"});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message,
              StartsWith("cannot load Chart.yaml: error converting YAML to JSON: yaml: line "));
}

TEST(MetadataDecoder, refuses_nesting_that_json_refuses) {
  const auto nested = [](std::size_t depth) {
    return "x: " + std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(problem(nested(9'999)), "");
  EXPECT_THAT(problem(nested(10'000)), HasSubstr("exceeded max depth"));
  EXPECT_THAT(problem(nested(200'000)), HasSubstr("exceeded max depth"));
}

TEST(MetadataDecoder, names_the_file) {
  DecodedMetadata metadata;
  encoding::YamlBudget budget;
  const auto result = decode_metadata("name: []", "requirements.yaml", budget, metadata);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, StartsWith("cannot load requirements.yaml: "));
}

std::string lock_problem(std::string_view yaml) {
  encoding::YamlBudget budget;
  const auto result = check_lock(yaml, "Chart.lock", budget);
  return result ? "" : result.error().message;
}

TEST(LockCheck, takes_locks_with_or_without_entries) {
  for (const char* yaml :
       {"", "null", "{}", "generated: '2020-01-01T00:00:00.5+02:00'\ndigest: sha256:00\n",
        "generated: 2020-01-01T00:00:00Z", "generated: null\ndependencies: [null]",
        "dependencies: [{name: a, version: 1.0, repository: r}]", "other: [1]", "digest: 12"}) {
    EXPECT_EQ(lock_problem(yaml), "") << yaml;
  }
}

TEST(LockCheck, refuses_what_does_not_fit) {
  const std::string prefix =
      "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: ";
  EXPECT_EQ(lock_problem("[]"),
            prefix + "json: cannot unmarshal array into Go value of type chart.Lock");
  EXPECT_EQ(
      lock_problem("digest: []"),
      prefix + "json: cannot unmarshal array into Go struct field Lock.digest of type string");
  EXPECT_EQ(
      lock_problem("dependencies: [{tags: x}]"),
      prefix +
          "json: cannot unmarshal string into Go struct field Dependency.dependencies.tags of type "
          "[]string");
  EXPECT_EQ(lock_problem("generated: 2020"),
            prefix + "Time.UnmarshalJSON: input is not a JSON string");
  EXPECT_EQ(
      lock_problem("digest: []\ngenerated: x"),
      prefix +
          "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"");
  EXPECT_THAT(lock_problem("{"),
              StartsWith("cannot load Chart.lock: error converting YAML to JSON: yaml: "));
}

std::string values_problem(std::string_view yaml) {
  encoding::YamlBudget budget;
  const auto result = check_values(yaml, budget);
  return result ? "" : result.error().message;
}

TEST(ValuesCheck, takes_a_mapping_or_null) {
  for (const char* yaml : {"", "# nothing\n", "~", "{}", "a: {b: [1, x]}", "a: 1\n---\n[",
                           "a: '.inf'", "a: x.info", ".inf: a"}) {
    EXPECT_EQ(values_problem(yaml), "") << yaml;
  }
}

TEST(ValuesCheck, refuses_anything_else) {
  const std::string prefix =
      "cannot load values.yaml: error unmarshaling JSON: while decoding JSON: ";
  const std::string into = " into Go value of type map[string]interface {}";
  EXPECT_EQ(values_problem("- a"), prefix + "json: cannot unmarshal array" + into);
  EXPECT_EQ(values_problem("a"), prefix + "json: cannot unmarshal string" + into);
  EXPECT_EQ(values_problem("1"), prefix + "json: cannot unmarshal number" + into);
  EXPECT_EQ(values_problem("yes"), prefix + "json: cannot unmarshal bool" + into);
}

TEST(ValuesCheck, refuses_infinities) {
  const std::string prefix = "cannot load values.yaml: error converting YAML to JSON: ";
  EXPECT_EQ(values_problem("a: [{b: .inf}]"), prefix + "json: unsupported value: +Inf");
  EXPECT_EQ(values_problem("a: -.INF"), prefix + "json: unsupported value: -Inf");
  EXPECT_EQ(values_problem("a: .NaN"), prefix + "json: unsupported value: NaN");
  EXPECT_EQ(values_problem(std::string_view("\xFF\xFE"
                                            "a\0:\0 \0.\0i\0n\0f\0",
                                            16)),
            prefix + "json: unsupported value: +Inf");
}

TEST(ValuesCheck, refuses_what_is_no_yaml) {
  EXPECT_THAT(values_problem("[a"),
              StartsWith("cannot load values.yaml: error converting YAML to JSON: yaml: "));
}

}  // namespace
}  // namespace chartmuseum::chart
