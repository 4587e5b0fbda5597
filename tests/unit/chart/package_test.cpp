// SPDX-License-Identifier: Apache-2.0
#include "chart/package.hpp"

#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartmuseum::chart {
namespace {

using testing::chart_yaml;
using testing::Files;
using testing::gzip;
using testing::package;
using testing::tar_end;
using testing::tar_header;
using testing::tar_member;

std::string error_of(const std::string& bytes, const ArchiveLimits& limits = {}) {
  const auto read = read_package(bytes, limits);
  return read ? "" : read.error().message;
}

// What a chart with these further files, given below its top directory, is refused with.
std::string error_with(const Files& more) {
  Files files = {{"demo/Chart.yaml", chart_yaml()}};
  for (const auto& [path, data] : more) files.emplace_back("demo/" + path, data);
  return error_of(package(files));
}

TEST(PackageReader, reads_a_package) {
  const std::string bytes = package({{"demo/Chart.yaml", chart_yaml("demo", "1.2.3")},
                                     {"demo/values.yaml", "a: 1\n"},
                                     {"demo/templates/x.yaml", "{{ not YAML"}});
  const auto read = read_package(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->metadata().name, "demo");
  EXPECT_EQ(read->metadata().version, "1.2.3");
  EXPECT_EQ(read->digest(), Digest::of(bytes));
  EXPECT_EQ(read->size(), bytes.size());
  EXPECT_EQ(read->file_name(), "demo-1.2.3.tgz");
}

TEST(PackageReader, refuses_what_is_no_chart) {
  EXPECT_EQ(error_of(""), "EOF");
  EXPECT_EQ(error_of("some text, no gzip"), "gzip: invalid header");
  EXPECT_EQ(error_of(gzip("text, no tar" + std::string(500, 'x'))),
            "archive/tar: invalid tar header");
  EXPECT_EQ(error_of(package({{"demo/values.yaml", ""}})), "Chart.yaml file is missing");
  EXPECT_EQ(error_of(package({{"demo/chart.yaml", chart_yaml()}})), "Chart.yaml file is missing");
}

TEST(PackageReader, refuses_broken_files_in_the_loaders_order) {
  EXPECT_TRUE(error_with({{"values.yaml", "[]"}}).starts_with("cannot load values.yaml: "));
  EXPECT_TRUE(error_with({{"Chart.lock", "[]"}}).starts_with("cannot load Chart.lock: "));
  EXPECT_TRUE(
      error_with({{"requirements.lock", "[]"}}).starts_with("cannot load requirements.lock"));
  EXPECT_TRUE(
      error_with({{"requirements.yaml", "[]"}}).starts_with("cannot load requirements.yaml"));
  EXPECT_TRUE(error_of(package({{"demo/values.yaml", "[]"}, {"demo/Chart.yaml", "[]"}}))
                  .starts_with("cannot load Chart.yaml: "));
  EXPECT_TRUE(error_of(package({{"demo/Chart.yaml", "name: x"}, {"demo/values.yaml", "[]"}}))
                  .starts_with("cannot load values.yaml: "))
      << "validation comes after";
  EXPECT_TRUE(
      error_of(package({{"demo/values.yaml", "[]"}})).starts_with("cannot load values.yaml"));
}

TEST(PackageReader, decodes_every_Chart_yaml_over_the_one_before) {
  const auto read = read_package(package({{"one/Chart.yaml", chart_yaml("one", "1.0.0")},
                                          {"two/Chart.yaml", "version: 2.0.0\n"},
                                          {"two/requirements.yaml", "description: three\n"}}));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->metadata().name, "one");
  EXPECT_EQ(read->metadata().version, "2.0.0");
  EXPECT_EQ(read->metadata().description, "three");
}

TEST(PackageReader, goes_on_without_Chart_yaml_where_Helm_does) {
  EXPECT_EQ(error_of(package({{"demo/requirements.yaml", chart_yaml()}})), "");
  EXPECT_EQ(error_of(package({{"demo/requirements.yaml", "name: demo\nversion: 1.0.0\n"}})),
            "validation: chart.metadata.apiVersion is required");
  EXPECT_EQ(error_of(package({{"demo/requirements.lock", ""}})),
            "validation: chart.metadata.apiVersion is required");
}

TEST(PackageReader, checks_subcharts_in_folders_and_archives) {
  EXPECT_EQ(error_with({{"charts/sub/Chart.yaml", chart_yaml("other")}}), "");
  EXPECT_EQ(error_with({{"charts/sub/values.yaml", ""}}),
            "error unpacking subchart sub in demo: Chart.yaml file is missing");
  EXPECT_EQ(error_with({{"charts/README.md", ""}}),
            "error unpacking subchart README.md in demo: Chart.yaml file is missing");
  EXPECT_EQ(error_with({{"charts/sub-1.0.0.tgz", package({{"sub/Chart.yaml", chart_yaml()}})}}),
            "");
  EXPECT_EQ(error_with({{"charts/sub.tgz", ""}}), "error unpacking subchart sub.tgz in demo: EOF");
  EXPECT_EQ(error_with({{"charts/sub.tgz/Chart.yaml", chart_yaml()}}),
            "error unpacking subchart tar in demo: expected sub.tgz, got sub.tgz/Chart.yaml");
  EXPECT_EQ(
      error_with({{"charts/sub/Chart.yaml", chart_yaml("sub")}, {"charts/sub/charts/x/y", "z"}}),
      "error unpacking subchart sub in demo: error unpacking subchart x in sub: "
      "Chart.yaml file is missing");
}

TEST(PackageReader, ignores_what_is_no_subchart) {
  EXPECT_EQ(error_with({{"charts/_ignored", "x"},
                        {"charts/.hidden/x", "x"},
                        {"charts/_x.tgz", "x"},
                        {"charts/sub-1.0.0.tgz.prov", "x"},
                        {"charts/deep/x.prov", "x"}}),
            "");
}

TEST(PackageReader, reads_only_the_first_of_several_archives_of_one_name) {
  const std::string sub = package({{"sub/Chart.yaml", chart_yaml("sub")}});
  EXPECT_EQ(error_with({{"charts/s.tgz", sub}, {"charts/s.tgz", "x"}, {"charts/s.tgz/x", "y"}}),
            "");
}

TEST(PackageReader, checks_the_last_of_several_values) {
  EXPECT_TRUE(error_with({{"values.yaml", "a: 1"}, {"values.yaml", "[]"}}).starts_with("cannot"));
}

TEST(PackageReader, bounds_how_deep_charts_are_nested) {
  std::string path = "demo/";
  Files files = {{"demo/Chart.yaml", chart_yaml()}};
  for (int i = 0; i < 10; ++i)
    files.emplace_back((path += "charts/x/") + "Chart.yaml", chart_yaml());
  EXPECT_EQ(error_of(package(files), {.nesting = 10}), "");
  EXPECT_EQ(error_of(package(files), {.nesting = 9}), "charts are nested too deeply");

  std::string packed = package({{"demo/Chart.yaml", chart_yaml()}});
  for (int i = 0; i < 10; ++i) {
    packed = package({{"demo/Chart.yaml", chart_yaml()}, {"demo/charts/x.tgz", packed}});
  }
  EXPECT_EQ(error_of(packed, {.nesting = 10}), "");
  EXPECT_TRUE(error_of(packed, {.nesting = 9}).ends_with("charts are nested too deeply"));
}

TEST(PackageReader, bounds_the_work_that_packed_subcharts_make) {
  const std::string sub =
      package({{"x/Chart.yaml", chart_yaml()}, {"x/y", std::string(90'000, 'y')}});
  Files files = {{"demo/Chart.yaml", chart_yaml()}};
  for (int i = 0; i < 20; ++i) files.emplace_back("demo/charts/" + std::to_string(i) + ".tgz", sub);
  EXPECT_EQ(error_of(package(files), {.stream_size = 2'000'000}), "");
  EXPECT_NE(error_of(package(files), {.stream_size = 1'000'000}), "");
  EXPECT_EQ(error_of(package(files), {.subcharts = 20}), "");
  EXPECT_EQ(error_of(package(files), {.subcharts = 19}), "chart has too many subcharts");
}

TEST(PackageReader, stands_many_empty_members) {
  std::string members = tar_member("demo/Chart.yaml", chart_yaml());
  for (int i = 0; i < 50'000; ++i) members += tar_header({.name = "demo/templates/x"});
  EXPECT_EQ(error_of(gzip(members + tar_end(), 1)), "");
  EXPECT_NE(error_of(gzip(members + tar_end(), 1), {.stream_size = 10'000'000}), "");
}

TEST(PackageReader, agrees_with_itself_on_packages_cut_anywhere) {
  const std::string whole =
      package({{"demo/Chart.yaml", chart_yaml()}, {"demo/values.yaml", "a: 1"}});
  ASSERT_EQ(error_of(whole), "");
  EXPECT_EQ(error_of(whole.substr(0, whole.size() - 8)), "") << "the trailer is not looked at";
  for (std::size_t size = 11; size < whole.size() - 20; ++size) {
    EXPECT_EQ(error_of(whole.substr(0, size)), "unexpected EOF") << size;
  }
}

TEST(ValuesReader, gives_values_as_they_stand) {
  const std::pair<std::string, std::string> chart = {"demo/Chart.yaml", chart_yaml()};
  EXPECT_EQ(read_values(package({chart, {"demo/values.yaml", "a: 1 # one\n"}})).value(),
            "a: 1 # one\n");
  EXPECT_EQ(read_values(package({chart, {"demo/values.yaml", "a: 1"}, {"x/values.yaml", "b: 2"}}))
                .value(),
            "b: 2");
  EXPECT_EQ(read_values(package({chart, {"demo/values.yaml", ""}})).value(), "");
  EXPECT_EQ(read_values(package({chart})).value(), std::nullopt);
  EXPECT_EQ(read_values(package({chart,
                                 {"demo/charts/s/Chart.yaml", chart_yaml()},
                                 {"demo/charts/s/values.yaml", "a: 1"}}))
                .value(),
            std::nullopt);
  EXPECT_FALSE(read_values(package({chart, {"demo/values.yaml", "[]"}})));
}

// Each of them alone is readable; together they would take minutes.
TEST(PackageReader, bounds_the_work_of_all_its_documents_together) {
  const std::string costly = "a: " + std::string(5'000, '[') + std::string(5'000, ']');
  Files files;
  for (int i = 0; i < 4; ++i) files.emplace_back("values.yaml", costly);
  EXPECT_EQ(error_with(files), "");
  for (int i = 0; i < 6; ++i) files.emplace_back("values.yaml", costly);
  EXPECT_TRUE(error_with(files).ends_with("exceeded max size of nested collections"));
}

TEST(PackageReader, refuses_metadata_that_would_swell_the_index) {
  const auto error_of_import = [](std::size_t levels) {
    std::string deep = chart_yaml() + "dependencies: [{name: x, version: '1', import-values: [&x ";
    for (std::size_t i = 0; i < levels; ++i) deep += "{a: ";
    deep += "1" + std::string(levels, '}');
    for (int i = 0; i < 20; ++i) deep += ", *x";
    return error_of(package({{"demo/Chart.yaml", deep + "]}]\n"}}));
  };
  EXPECT_EQ(error_of_import(100), "");
  EXPECT_EQ(error_of_import(1'000),
            "validation: chart.metadata would take more than 8 MiB of the index");
}

}  // namespace
}  // namespace chartmuseum::chart
