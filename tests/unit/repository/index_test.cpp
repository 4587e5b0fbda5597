// SPDX-License-Identifier: Apache-2.0
#include "repository/index.hpp"

#include "encoding/natural_order.hpp"
#include "encoding/yaml_writer.hpp"
#include "entries_fixture.hpp"
#include "repository/entry_yaml.hpp"
#include "support/gunzip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::repository {
namespace {

Index index_of(const std::vector<std::pair<std::string, std::string>>& versions,
               const IndexStyle& style = {}) {
  return Index(style, entries_of(versions), at_second(0));
}

std::string generated() {
  return format_rfc3339(at_second(0));
}

TEST(Index, is_a_whole_yaml_document_also_without_charts) {
  EXPECT_EQ(index_of({}).document().to_string(),
            "apiVersion: v1\nentries: {}\ngenerated: \"" + generated() + "\"\nserverInfo: {}\n");
}

TEST(Index, lists_entries_between_head_and_tail) {
  const std::string body = entry_of("demo", "1.0.0").yaml.body;
  const std::string older = entry_of("demo", "0.9.0").yaml.body;
  EXPECT_EQ(index_of({{"demo", "0.9.0"}, {"demo", "1.0.0"}}).document().to_string(),
            "apiVersion: v1\nentries:\n  demo:\n  - " + body + "  - " + older + "generated: \"" +
                generated() + "\"\nserverInfo: {}\n");
}

TEST(Index, equals_the_document_that_is_written_in_one_go) {
  // Among them keys that need quotes, and keys too long to stand on one line with their colon.
  const std::string names[] = {"a",
                               "true",
                               "1.0",
                               "a: b",
                               "'",
                               "<<",
                               "emoji \xF0\x9F\x98\x80",
                               std::string(128, 'k'),
                               std::string(129, 'k'),
                               std::string(100, 'w') + ' ' + std::string(100, 'w'),
                               std::string(1100, 'z')};
  const std::string versions[] = {"2.0.0", "1.0.0"};
  std::vector<std::pair<std::string, std::string>> all;
  std::vector<std::string> sorted(std::begin(names), std::end(names));
  std::ranges::sort(sorted, encoding::NaturalLess());
  encoding::YamlWriter yaml;
  yaml.begin_mapping();
  yaml.key("apiVersion");
  yaml.string("v1");
  yaml.key("entries");
  yaml.begin_mapping();
  for (const std::string& name : sorted) {
    yaml.key(name);
    yaml.begin_list();
    for (const std::string& version : versions) {
      all.emplace_back(name, version);
      const std::string file = package_file_name(name, version);
      write_entry(yaml, metadata_of(name, version), "charts/" + file, format_rfc3339(at_second(0)),
                  Digest::of(name + version).hex());
    }
    yaml.end_list();
  }
  yaml.end_mapping();
  yaml.key("generated");
  yaml.quoted(generated());
  yaml.key("serverInfo");
  yaml.begin_mapping();
  yaml.end_mapping();
  yaml.end_mapping();
  EXPECT_EQ(index_of(all).document().to_string(), yaml.take());
}

TEST(Index, names_the_context_path_in_server_info) {
  EXPECT_TRUE(index_of({}, {.json = false, .context_path = "/x"})
                  .document()
                  .to_string()
                  .ends_with("serverInfo:\n  contextPath: /x\n"));
  EXPECT_TRUE(index_of({}, {.json = true, .context_path = "/x"})
                  .document()
                  .to_string()
                  .ends_with(R"("serverInfo":{"contextPath":"/x"}})"));
}

TEST(Index, is_a_json_document_in_gos_order_when_asked_for) {
  EXPECT_EQ(
      index_of({}, {.json = true, .context_path = ""}).document().to_string(),
      R"({"apiVersion":"v1","generated":")" + generated() + R"(","entries":{},"serverInfo":{}})");
  EXPECT_EQ(index_of({{"b", "1.0.0"}, {"a", "1.0.0"}}, {.json = true, .context_path = ""})
                .document()
                .to_string(),
            R"({"apiVersion":"v1","generated":")" + generated() + R"(","entries":{"a":[)" +
                entry_of("a", "1.0.0").json.body + R"(],"b":[)" + entry_of("b", "1.0.0").json.body +
                R"(]},"serverInfo":{}})");
}

TEST(Index, shows_generated_in_whole_seconds) {
  const Index index({}, Entries(), at_second(0) + std::chrono::milliseconds(999));
  EXPECT_EQ(index.generated(), at_second(0));
}

TEST(Index, has_entity_tags_that_change_with_the_bytes) {
  const Index one = index_of({{"a", "1.0.0"}});
  const Index same = index_of({{"a", "1.0.0"}});
  const Index other = index_of({{"a", "1.0.1"}});
  const Index later({}, entries_of({{"a", "1.0.0"}}), at_second(1));
  EXPECT_EQ(one.document_etag(), same.document_etag());
  EXPECT_NE(one.document_etag(), other.document_etag());
  EXPECT_NE(one.document_etag(), later.document_etag());
  EXPECT_EQ(one.charts_etag(), later.charts_etag());
  EXPECT_NE(one.charts_etag(), other.charts_etag());
  EXPECT_TRUE(one.document_etag().starts_with('"') && one.document_etag().ends_with('"'));
}

TEST(Index, pages_over_charts_in_byte_order) {
  const Index index = index_of({{"b", "1.0.0"}, {"a", "1.0.0"}, {"a", "2.0.0"}, {"c", "1.0.0"}});
  const std::string a =
      R"("a":[)" + entry_of("a", "2.0.0").json.body + ',' + entry_of("a", "1.0.0").json.body + ']';
  const std::string b = R"("b":[)" + entry_of("b", "1.0.0").json.body + ']';
  const std::string c = R"("c":[)" + entry_of("c", "1.0.0").json.body + ']';
  EXPECT_EQ(index.charts_json(0, {}).to_string(), '{' + a + ',' + b + ',' + c + '}');
  EXPECT_EQ(index.charts_json(1, {}).to_string(), '{' + b + ',' + c + '}');
  EXPECT_EQ(index.charts_json(0, 1).to_string(), '{' + a + '}');
  EXPECT_EQ(index.charts_json(1, 1).to_string(), '{' + b + '}');
  EXPECT_EQ(index.charts_json(2, SIZE_MAX).to_string(), '{' + c + '}');
  EXPECT_EQ(index.charts_json(3, 1).to_string(), "{}");
  EXPECT_EQ(index.charts_json(SIZE_MAX, SIZE_MAX).to_string(), "{}");
}

TEST(Index, pages_across_leaves) {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int chart = 100; chart < 400; ++chart) {
    for (int i = 0; i < chart % 7 + 1; ++i) {
      versions.emplace_back("chart" + std::to_string(chart), "1.0." + std::to_string(i));
    }
  }
  const Index index = index_of(versions);
  ASSERT_GT(index.entries().json().leaves().size(), 2U);
  std::string joined = "{";
  for (std::size_t offset = 0; offset < index.chart_count(); offset += 17) {
    const std::string page = index.charts_json(offset, 17).to_string();
    if (offset > 0) joined += ',';
    joined += page.substr(1, page.size() - 2);
  }
  EXPECT_EQ(joined + '}', index.charts_json(0, {}).to_string());
}

TEST(Index, finds_charts_and_versions_across_leaves) {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 900; ++i) versions.emplace_back("many", "1.0." + std::to_string(i));
  versions.emplace_back("a", "1.0.0");
  versions.emplace_back("z", "1.0.0");
  const Index index = index_of(versions);
  ASSERT_GT(index.entries().json().leaves().size(), 2U);
  EXPECT_EQ(index.version_count(), 902U);
  EXPECT_EQ(index.chart_count(), 3U);
  for (const auto& [name, version] : versions) {
    const auto found = index.find_exact(name, version);
    ASSERT_TRUE(found) << name << ' ' << version;
    EXPECT_EQ(found->version, version);
    EXPECT_EQ(index.version_json(*found).to_string(), entry_of(name, version).json.body);
  }
  EXPECT_FALSE(index.find_exact("many", "1.0.900"));
  EXPECT_FALSE(index.has_chart("man"));
  EXPECT_FALSE(index.chart_json("many2"));
  std::string all = "[";
  for (int i = 899; i >= 0; --i) {
    all += entry_of("many", "1.0." + std::to_string(i)).json.body;
    all += i > 0 ? "," : "]";
  }
  EXPECT_EQ(index.chart_json("many")->to_string(), all);
}

std::string found(const Index& index, std::string_view wanted) {
  const auto version = index.find("demo", wanted);
  return version ? std::string(version->version) : "nothing";
}

TEST(Index, prefers_exact_text_then_takes_the_newest_that_fits_a_constraint) {
  const Index index = index_of({{"demo", "1.0.0"},
                                {"demo", "1.0.1+b1"},
                                {"demo", "1.2.0"},
                                {"demo", "2.0.0-rc.1"},
                                {"demo", "0.9.5"}});
  EXPECT_EQ(found(index, "1.0.0"), "1.0.0");
  EXPECT_EQ(found(index, "2.0.0-rc.1"), "2.0.0-rc.1");
  EXPECT_EQ(found(index, "^1"), "1.2.0");
  EXPECT_EQ(found(index, "~0.9"), "0.9.5");
  EXPECT_EQ(found(index, "1.x"), "1.2.0");
  EXPECT_EQ(found(index, "*"), "1.2.0");
  EXPECT_EQ(found(index, "v1.0.0"), "1.0.0");
  EXPECT_EQ(found(index, "1.0.1"), "1.0.1+b1");
  EXPECT_EQ(found(index, ">=2.0.0-0"), "2.0.0-rc.1");
  EXPECT_EQ(found(index, "3"), "nothing");
  EXPECT_EQ(found(index, "nonsense"), "nothing");
  EXPECT_FALSE(index.find("other", "1.0.0"));
}

TEST(Index, takes_latest_and_nothing_for_the_newest_stable_version) {
  const Index index = index_of({{"demo", "1.0.0"}, {"demo", "2.0.0-rc.1"}});
  EXPECT_EQ(found(index, "latest"), "1.0.0");
  EXPECT_EQ(found(index, ""), "1.0.0");
  EXPECT_EQ(found(index_of({{"demo", "2.0.0-rc.1"}}), "latest"), "nothing");
}

std::vector<std::pair<std::string, std::string>> many_versions() {
  std::vector<std::pair<std::string, std::string>> versions;
  for (const char* name : {"a", "big", "z"}) {
    for (int i = 0; i < 1'000; ++i) versions.emplace_back(name, "1.0." + std::to_string(i));
  }
  return versions;
}

TEST(Index, compressed_is_the_document) {
  for (const bool json : {false, true}) {
    for (const auto& versions : {std::vector<std::pair<std::string, std::string>>{},
                                 {{"demo", "1.0.0"}},
                                 many_versions()}) {
      const Index index = index_of(versions, {.json = json, .context_path = "/x"});
      EXPECT_EQ(index.compressed_document(), nullptr);
      index.compress_document();
      EXPECT_EQ(testing::gunzip(index.compressed_document()->to_string()),
                index.document().to_string());
      EXPECT_NE(index.compressed_etag(), index.document_etag());
    }
  }
}

TEST(Index, shares_what_is_compressed_with_the_one_before) {
  const Entries before = entries_of(many_versions());
  const Index first({}, before, at_second(0));
  first.compress_document();
  std::set<const std::string*> compressed;
  for (const Rope::Piece& piece : first.compressed_document()->pieces()) {
    compressed.insert(piece.owner.get());
  }
  std::vector<EntryChange> changes;
  changes.push_back(put_of(entry_of("big", "2.0.0")));
  const Index second({}, before.with(std::move(changes)), at_second(1));
  second.compress_document();
  EXPECT_EQ(testing::gunzip(second.compressed_document()->to_string()),
            second.document().to_string());
  std::size_t large_and_new = 0;
  for (const Rope::Piece& piece : second.compressed_document()->pieces()) {
    if (piece.text.size() > 200 && !compressed.contains(piece.owner.get())) ++large_and_new;
  }
  EXPECT_LE(large_and_new, 2U);
}

}  // namespace
}  // namespace chartmuseum::repository
