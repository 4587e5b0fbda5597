// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_renderer.hpp"

#include "encoding/value.hpp"
#include "entries_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace chartmuseum::repository {
namespace {

using encoding::Value;

chart::Metadata everything() {
  chart::Metadata metadata;
  metadata.name = "demo";
  metadata.home = "https://example.org";
  metadata.sources = {"https://a", ""};
  metadata.version = "1.10";
  metadata.description = "line one\nline two\n";
  metadata.keywords = {"true", "web"};
  metadata.maintainers = {{"Ann", "ann@example.org", "https://ann"}, {}, {"Bob", "", ""}};
  metadata.icon = "https://icon";
  metadata.api_version = "v2";
  metadata.condition = "demo.enabled";
  metadata.tags = "a,b";
  metadata.app_version = "1.0";
  metadata.deprecated = true;
  metadata.annotations = {{"a10", "x"}, {"a2", "<y>"}, {"b", ""}};
  metadata.kube_version = ">=1.20";
  metadata.type = "application";
  chart::Dependency dependency;
  dependency.name = "sub";
  dependency.version = "^1";
  dependency.repository = "";
  dependency.condition = "sub.enabled";
  dependency.tags = {"front"};
  dependency.enabled = true;
  dependency.import_values = {
      Value(std::string("data")),
      Value(Value::Mapping{{"child", Value(std::string("a"))},
                           {"a10", Value(std::uint64_t(12345678901234567890U))},
                           {"a2", Value(1.0)}})};
  dependency.alias = "other";
  metadata.dependencies = {dependency, {}};
  return metadata;
}

TEST(EntryRenderer, writes_every_field_in_natural_order_as_yaml) {
  EntryRenderer renderer(Settings{}, "");
  const RenderedEntry entry =
      renderer.render(everything(), "demo-1.10.tgz", at_second(0), Digest::of(""));
  EXPECT_EQ(entry.yaml.opening, "  demo:\n  - ");
  EXPECT_EQ(entry.yaml.body, R"(annotations:
      a2: <y>
      a10: x
      b: ""
    apiVersion: v2
    appVersion: "1.0"
    condition: demo.enabled
    created: ")" + format_rfc3339(at_second(0)) +
                                 R"("
    dependencies:
    - alias: other
      condition: sub.enabled
      enabled: true
      import-values:
      - data
      - a2: 1
        a10: 12345678901234567000
        child: a
      name: sub
      repository: ""
      tags:
      - front
      version: ^1
    - name: ""
      repository: ""
    deprecated: true
    description: |
      line one
      line two
    digest: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    home: https://example.org
    icon: https://icon
    keywords:
    - "true"
    - web
    kubeVersion: '>=1.20'
    maintainers:
    - email: ann@example.org
      name: Ann
      url: https://ann
    - {}
    - name: Bob
    name: demo
    sources:
    - https://a
    - ""
    tags: a,b
    type: application
    urls:
    - charts/demo-1.10.tgz
    version: "1.10"
)");
}

TEST(EntryRenderer, writes_every_field_in_the_order_of_helms_structs_as_json) {
  EntryRenderer renderer(Settings{}, "");
  const RenderedEntry entry =
      renderer.render(everything(), "demo-1.10.tgz", at_second(0), Digest::of(""));
  EXPECT_EQ(entry.json.opening, R"(],"demo":[)");
  EXPECT_EQ(
      entry.json.body,
      R"({"name":"demo","home":"https://example.org","sources":["https://a",""],"version":"1.10",)"
      R"("description":"line one\nline two\n","keywords":["true","web"],)"
      R"("maintainers":[{"name":"Ann","email":"ann@example.org","url":"https://ann"},{},{"name":"Bob"}],)"
      R"("icon":"https://icon","apiVersion":"v2","condition":"demo.enabled","tags":"a,b",)"
      R"("appVersion":"1.0","deprecated":true,"annotations":{"a10":"x","a2":"\u003cy\u003e","b":""},)"
      R"("kubeVersion":"\u003e=1.20","dependencies":[{"name":"sub","version":"^1","repository":"",)"
      R"("condition":"sub.enabled","tags":["front"],"enabled":true,)"
      R"("import-values":["data",{"a10":12345678901234567000,"a2":1,"child":"a"}],"alias":"other"},)"
      R"({"name":"","repository":""}],"type":"application","urls":["charts/demo-1.10.tgz"],)"
      R"("created":")" +
          format_rfc3339(at_second(0)) +
          R"(","digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})");
}

TEST(EntryRenderer, makes_urls_absolute_with_chart_url_context_path_and_repository) {
  Settings settings;
  settings.chart_url = "https://charts.example.org";
  settings.context_path = "/museum";
  EntryRenderer renderer(settings, "org/team");
  const RenderedEntry entry =
      renderer.render(metadata_of("demo", "1.0.0"), "a b+%.tgz", at_second(0), {});
  EXPECT_NE(
      entry.yaml.body.find("    - https://charts.example.org/museum/org/team/charts/a b+%.tgz\n"),
      std::string::npos);

  EntryRenderer at_root(settings, "");
  EXPECT_NE(at_root.render(metadata_of("demo", "1.0.0"), "a.tgz", at_second(0), {})
                .json.body.find("https://charts.example.org/museum/charts/a.tgz"),
            std::string::npos);
}

TEST(EntryRenderer, breaks_long_texts_where_they_will_stand_in_the_index) {
  chart::Metadata metadata = metadata_of("demo", "1.0.0");
  metadata.description =
      "Adminer is a full-featured database management tool written in PHP. Conversely to "
      "phpMyAdmin, it consist of a single file";
  EntryRenderer renderer(Settings{}, "");
  EXPECT_NE(renderer.render(metadata, "demo-1.0.0.tgz", at_second(0), {})
                .yaml.body.find("    description: Adminer is a full-featured database management "
                                "tool written in PHP.\n      Conversely to phpMyAdmin, it"),
            std::string::npos);
}

TEST(EntryRenderer, introduces_a_long_name_as_a_complex_key_and_indents_below_it) {
  const std::string name(129, 'n');
  const RenderedEntry entry = entry_of(name, "1.0.0");
  EXPECT_EQ(entry.yaml.opening, "  ? " + name + "\n  : - ");
  EXPECT_TRUE(entry.yaml.body.starts_with("apiVersion: v2\n      created: ")) << entry.yaml.body;
}

TEST(EntryRenderer, renders_one_after_the_other_as_each_alone) {
  EntryRenderer renderer(Settings{}, "");
  for (const char* name : {"a", "true", "a", "1.0", "1.0", "<<"}) {
    const RenderedEntry again =
        renderer.render(metadata_of(name, "1.0.0"), std::string(name) + "-1.0.0.tgz", at_second(0),
                        Digest::of(std::string(name) + "1.0.0"));
    const RenderedEntry alone = entry_of(name, "1.0.0");
    EXPECT_EQ(again.yaml.opening, alone.yaml.opening);
    EXPECT_EQ(again.yaml.body, alone.yaml.body);
  }
}

TEST(EntryRenderer, has_no_version_where_the_metadata_has_none) {
  EXPECT_FALSE(entry_of("demo", "one").version);
}

}  // namespace
}  // namespace chartmuseum::repository
