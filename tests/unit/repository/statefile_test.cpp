// SPDX-License-Identifier: Apache-2.0
#include "entries_fixture.hpp"
#include "repository/index.hpp"
#include "repository/statefile_entry.hpp"
#include "repository/statefile_sections.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

std::vector<std::string> cut(std::string_view text, std::size_t piece) {
  StatefileSections sections;
  std::vector<std::string> all;
  const auto take = [&] {
    for (std::string& section : sections.take()) all.push_back(std::move(section));
  };
  for (std::size_t i = 0; i < text.size(); i += piece) {
    sections.add(text.substr(i, piece));
    take();
  }
  sections.finish();
  take();
  return all;
}

/// "name version file" of every entry, sorted.
std::vector<std::string> read(std::string_view text, std::size_t piece = 1000) {
  std::vector<std::string> entries;
  for (const std::string& section : cut(text, piece)) {
    for (const StatefileEntry& entry : read_statefile_entries(section)) {
      entries.push_back(entry.metadata.name + ' ' + entry.metadata.version + ' ' + entry.file_name);
    }
  }
  std::ranges::sort(entries);
  return entries;
}

std::string document(const std::vector<std::pair<std::string, std::string>>& versions, bool json) {
  return Index({.json = json, .context_path = ""}, entries_of(versions), at_second(0))
      .document()
      .to_string();
}

std::vector<std::pair<std::string, std::string>> many_versions() {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 300; ++i) versions.emplace_back("many", "1.0." + std::to_string(i));
  for (int i = 0; i < 300; ++i) versions.emplace_back("chart" + std::to_string(i), "1.0.0");
  versions.emplace_back(std::string(140, 'k'), "1.0.0");
  versions.emplace_back(std::string(140, 'k'), "2.0.0");
  versions.emplace_back("true", "1.0.0");
  return versions;
}

TEST(Statefile, is_read_back_as_it_was_written_in_both_formats_and_any_pieces) {
  const auto versions = many_versions();
  std::vector<std::string> wanted;
  for (const auto& [name, version] : versions) {
    wanted.push_back(name + ' ' + version + ' ' + package_file_name(name, version));
  }
  std::ranges::sort(wanted);
  for (const bool json : {false, true}) {
    const std::string text = document(versions, json);
    for (const std::size_t piece : {std::size_t{7}, std::size_t{100'000}, text.size()}) {
      EXPECT_EQ(read(text, piece), wanted) << (json ? "json " : "yaml ") << piece;
    }
    EXPECT_GT(cut(text, 10'000).size(), 1U);
    for (const std::string& section : cut(text, 10'000)) EXPECT_LT(section.size(), 100'000U);
  }
}

TEST(Statefile, keeps_all_that_an_entry_says) {
  chart::Metadata metadata = metadata_of("demo", "1.10");
  metadata.description = "one\ntwo: \"three\" \x07 \xE2\x80\xA8 <&>\n";
  metadata.keywords = {"true", "", "1.0"};
  metadata.maintainers = {{}, {"A", "b", "c"}};
  metadata.annotations = {{"a", "1"}, {"b", "multi\nline"}};
  metadata.deprecated = true;
  chart::Dependency dependency;
  dependency.name = "sub";
  dependency.enabled = true;
  dependency.import_values = {
      encoding::Value(1e21), encoding::Value(std::string("x")),
      encoding::Value(encoding::Value::Mapping{{"child", encoding::Value(std::string("1"))}})};
  metadata.dependencies = {dependency};
  EntryRenderer renderer(Settings{}, "");
  const RenderedEntry rendered = renderer.render(
      metadata, "demo-1.10.tgz", at_second(0) + std::chrono::nanoseconds(7), Digest::of("x"));
  for (const bool json : {false, true}) {
    std::vector<EntryChange> changes;
    changes.push_back(put_of(rendered));
    const std::string text =
        Index({.json = json, .context_path = ""}, Entries().with(std::move(changes)), at_second(0))
            .document()
            .to_string();
    const auto sections = cut(text, 50);
    ASSERT_EQ(sections.size(), 1U);
    const auto entries = read_statefile_entries(sections.front());
    ASSERT_EQ(entries.size(), 1U) << text;
    EXPECT_EQ(entries[0].created, at_second(0) + std::chrono::nanoseconds(7));
    EXPECT_EQ(entries[0].digest, Digest::of("x"));
    const RenderedEntry again = renderer.render(entries[0].metadata, entries[0].file_name,
                                                entries[0].created, entries[0].digest);
    EXPECT_EQ(again.yaml.body, rendered.yaml.body);
    EXPECT_EQ(again.json.body, rendered.json.body);
  }
}

TEST(Statefile, is_read_in_any_other_layout_too) {
  const std::string digest(64, 'a');
  EXPECT_EQ(read("# by hand\nentries: {demo: [{name: demo, version: 1.0.0, created: "
                 "\"2020-01-01T00:00:00Z\", digest: " +
                 digest + ", urls: [\"https://x/charts/demo-1.0.0.tgz\"]}]}\n"),
            std::vector<std::string>{"demo 1.0.0 demo-1.0.0.tgz"});
  EXPECT_EQ(read("entries:\n    demo:\n        - name: demo\n          version: 1.0.0\n"
                 "          created: 2020-01-01T00:00:00Z\n          digest: " +
                 digest + "\n          urls:\n            - charts/demo-1.0.0.tgz\n"),
            std::vector<std::string>{"demo 1.0.0 demo-1.0.0.tgz"});
}

TEST(Statefile, leaves_out_entries_that_are_none_one_by_one) {
  const std::string digest(64, 'a');
  const auto entry = [&digest](const std::string& name, const std::string& change,
                               const std::string& to) {
    std::string text = "  " + name +
                       ":\n  - created: \"2020-01-01T00:00:00Z\"\n    digest: " + digest +
                       "\n    name: " + name + "\n    urls:\n    - charts/" + name +
                       "-1.0.0.tgz\n    version: 1.0.0\n";
    if (!change.empty()) text.replace(text.find(change), change.size(), to);
    return text;
  };
  const std::string text =
      "apiVersion: v1\nentries:\n" + entry("good", "", "") + entry("a", digest, "short") +
      entry("b", "2020-01-01T00:00:00Z", "yesterday") + entry("c", "charts/c-1.0.0.tgz", "..") +
      entry("d", "charts/d-1.0.0.tgz", "charts/d-1.0.0.zip") +
      entry("e", "version: 1.0.0", "x: y") + entry("f", "version: 1.0.0", "version: [1]") +
      entry("g", "version: 1.0.0", "version: one") + entry("h", "    name: h\n", "") +
      entry("i", "    - charts/i-1.0.0.tgz\n", "    - {}\n") + "  j: 7\n  k:\n  - 7\n  l: []\n" +
      entry("well", "", "") + "generated: \"2020-01-01T00:00:00Z\"\n";
  EXPECT_EQ(read(text),
            (std::vector<std::string>{"good 1.0.0 good-1.0.0.tgz", "well 1.0.0 well-1.0.0.tgz"}));
}

TEST(Statefile, is_harmless_whatever_it_holds) {
  for (const std::string& text :
       {std::string(), std::string("\0\0\0", 3), std::string("{"), std::string("{{[{"),
        std::string("]]]}}}"), std::string(5000, '{'), std::string("entries:\n"),
        std::string("entries:\n  a:\n  - &x [*x]\n"), std::string("entries: 7\n"),
        std::string("entries:\n  \xFF:\n  - name: a\n"), std::string(100'000, '\n'),
        "entries:\n  a: " + std::string(20'000, '[')}) {
    EXPECT_TRUE(read(text, 3).empty());
  }
}

TEST(Statefile, cut_off_anywhere_yields_only_whole_entries) {
  const std::vector<std::pair<std::string, std::string>> versions = {
      {"a", "1.0.10"}, {"a", "1.0.0"}, {"b", "10.0.10"}};
  for (const bool json : {false, true}) {
    const std::string text = document(versions, json);
    const auto whole = read(text);
    for (std::size_t end = 0; end < text.size(); ++end) {
      for (const std::string& entry : read(std::string_view(text).substr(0, end))) {
        EXPECT_TRUE(std::ranges::binary_search(whole, entry)) << entry << " at " << end;
      }
    }
  }
}

TEST(Statefile, gives_up_what_would_take_too_much_memory) {
  StatefileSections sections;
  const std::string line(1 << 20, 'x');
  for (int i = 0; i < 40; ++i) sections.add(line);
  EXPECT_TRUE(sections.gave_up());
  sections.finish();
  EXPECT_TRUE(sections.take().empty());
}

}  // namespace
}  // namespace chartmuseum::repository
