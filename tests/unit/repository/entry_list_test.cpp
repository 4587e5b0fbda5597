// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_list.hpp"

#include "entries_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

/// What the lists must say, put together as plainly as can be.
class Plain {
 public:
  void put(const RenderedEntry& entry) { entries_[key(*entry.version)] = entry; }
  void remove(const ChartVersion& version) { entries_.erase(key(version)); }

  [[nodiscard]] std::string text(EntryFormat format) const {
    std::vector<const RenderedEntry*> sorted;
    for (const auto& [identity, entry] : entries_) sorted.push_back(&entry);
    std::ranges::sort(sorted, [format](const RenderedEntry* left, const RenderedEntry* right) {
      const ChartVersion& a = *left->version;
      const ChartVersion& b = *right->version;
      if (a.name != b.name) return EntryList::name_before(format, a.name, b.name);
      return newer(a, b);
    });
    std::string all;
    std::string_view chart;
    for (const RenderedEntry* entry : sorted) {
      const EntryText& text = format == EntryFormat::yaml ? entry->yaml : entry->json;
      const bool complex = text.opening.starts_with("  ? ");
      const std::string_view name = entry->version->name;
      if (all.empty()) {
        all = format == EntryFormat::yaml ? text.opening : text.opening.substr(2);
      } else if (name != chart) {
        all += text.opening;
      } else {
        all += format == EntryFormat::json ? "," : complex ? "    - " : "  - ";
      }
      all += text.body;
      chart = name;
    }
    return all;
  }

  [[nodiscard]] std::size_t versions() const { return entries_.size(); }
  [[nodiscard]] std::size_t charts() const {
    std::size_t count = 0;
    std::string last = "/";
    for (const auto& [identity, entry] : entries_) {
      if (identity.first != last) ++count;
      last = identity.first;
    }
    return count;
  }

 private:
  static std::pair<std::string, std::string> key(const ChartVersion& version) {
    return {std::string(version.name), std::string(version.version)};
  }
  std::map<std::pair<std::string, std::string>, RenderedEntry> entries_;
};

void expect_equal(const Entries& entries, const Plain& plain) {
  ASSERT_EQ(entries.yaml().text().to_string(), plain.text(EntryFormat::yaml));
  ASSERT_EQ(entries.json().text().to_string(), plain.text(EntryFormat::json));
  ASSERT_EQ(entries.json().version_count(), plain.versions());
  ASSERT_EQ(entries.json().chart_count(), plain.charts());
  ASSERT_EQ(entries.yaml().chart_count(), plain.charts());
}

TEST(EntryList, is_empty_at_first) {
  const Entries entries;
  EXPECT_TRUE(entries.yaml().text().empty());
  EXPECT_FALSE(entries.json().chart("demo"));
  EXPECT_EQ(entries.json().chart_begin(0), entries.json().end());
}

TEST(EntryList, orders_yaml_naturally_and_json_by_bytes_newest_version_first) {
  const Entries entries = entries_of(
      {{"a10", "1.0.0"}, {"a2", "1.9.0"}, {"a2", "1.10.0"}, {"B", "1.0.0"}, {"a2", "1.10.0-rc.1"}});
  EXPECT_EQ(order_of(entries.yaml()),
            (std::vector<std::string>{"B 1.0.0", "a2 1.10.0", "a2 1.10.0-rc.1", "a2 1.9.0",
                                      "a10 1.0.0"}));
  EXPECT_EQ(order_of(entries.json()), (std::vector<std::string>{"B 1.0.0", "a10 1.0.0", "a2 1.10.0",
                                                                "a2 1.10.0-rc.1", "a2 1.9.0"}));
}

TEST(EntryList, of_several_changes_to_one_version_takes_the_last) {
  std::vector<EntryChange> changes;
  changes.push_back(put_of(entry_of("demo", "1.0.0", {}, 1, "old")));
  changes.push_back(removal_of("demo", "1.0.0"));
  changes.push_back(put_of(entry_of("demo", "1.0.0", {}, 2, "new")));
  const Entries entries = Entries().with(std::move(changes));
  EXPECT_EQ(entries.json().version_count(), 1U);
  EXPECT_NE(entries.yaml().text().to_string().find("description: new"), std::string::npos);
}

TEST(EntryList, leaves_older_lists_as_they_were) {
  const Entries before = entries_of({{"a", "1.0.0"}, {"b", "1.0.0"}});
  const std::string text = before.yaml().text().to_string();
  std::vector<EntryChange> changes;
  changes.push_back(removal_of("a", "1.0.0"));
  const Entries after = before.with(std::move(changes));
  EXPECT_EQ(before.yaml().text().to_string(), text);
  EXPECT_EQ(order_of(after.yaml()), std::vector<std::string>{"b 1.0.0"});
}

TEST(EntryList, shares_all_but_the_changed_leaves) {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 2000; ++i) versions.emplace_back("chart" + std::to_string(i), "1.0.0");
  const Entries before = entries_of(versions);
  ASSERT_GT(before.yaml().leaves().size(), 5U);
  std::vector<EntryChange> changes;
  changes.push_back(put_of(entry_of("chart1000", "1.0.1")));
  const Entries after = before.with(std::move(changes));
  for (const bool yaml : {true, false}) {
    const auto& old_leaves = yaml ? before.yaml().leaves() : before.json().leaves();
    const auto& new_leaves = yaml ? after.yaml().leaves() : after.json().leaves();
    const auto made = std::ranges::count_if(new_leaves, [&old_leaves](const auto& leaf) {
      return std::ranges::find(old_leaves, leaf) == old_leaves.end();
    });
    EXPECT_LE(made, 2);
  }
}

TEST(EntryList, keeps_leaves_between_bounds_while_it_grows_and_shrinks) {
  Entries entries;
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 1000; ++i) versions.emplace_back("one", "1.0." + std::to_string(i));
  entries = entries_of(versions);
  for (const auto& leaf : entries.yaml().leaves()) EXPECT_LE(leaf->text->size(), 64U * 1024);
  // All but every hundredth go, a few at a time.
  std::vector<EntryChange> changes;
  for (int i = 0; i < 1000; ++i) {
    if (i % 100 != 0) changes.push_back(removal_of("one", "1.0." + std::to_string(i)));
    if (changes.size() == 7) entries = entries.with(std::exchange(changes, {}));
  }
  entries = entries.with(std::move(changes));
  EXPECT_EQ(entries.yaml().version_count(), 10U);
  EXPECT_LE(entries.yaml().leaves().size(), 2U);
}

TEST(EntryList, has_about_one_piece_a_leaf) {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 1000; ++i) versions.emplace_back("one", "1.0." + std::to_string(i));
  const Entries entries = entries_of(versions);
  EXPECT_EQ(entries.yaml().text().pieces().size(), entries.yaml().leaves().size());
}

TEST(EntryList, differs_in_digest_whenever_it_differs_in_text) {
  const Entries one = entries_of({{"a", "1.0.0"}});
  const Entries two = entries_of({{"a", "1.0.0"}, {"a", "1.0.1"}});
  EXPECT_NE(one.yaml().digest(), two.yaml().digest());
  EXPECT_EQ(one.yaml().digest(), entries_of({{"a", "1.0.0"}}).yaml().digest());
  EXPECT_NE(one.yaml().digest(), Entries().yaml().digest());
}

TEST(EntryList, equals_a_plain_rebuild_after_any_changes) {
  std::mt19937 random(20240229);  // NOLINT: the same sequence each time
  const auto below = [&random](unsigned end) {
    return std::uniform_int_distribution<unsigned>(0, end - 1)(random);
  };
  // Long names and texts make leaves full and keys complex.
  std::vector<std::string> names = {"a",
                                    "a1",
                                    "a2",
                                    "a10",
                                    "B",
                                    "b-1",
                                    "true",
                                    "é",
                                    std::string(130, 'k'),
                                    std::string(131, 'k')};
  const std::string filler(2000, 'x');
  Entries entries;
  Plain plain;
  for (int round = 0; round < 160; ++round) {
    std::vector<EntryChange> changes;
    for (unsigned i = below(round % 10 == 0 ? 60 : 4) + 1; i > 0; --i) {
      const std::string& name = names[below(static_cast<unsigned>(names.size()))];
      const std::string version = "1." + std::to_string(below(12)) + "." +
                                  std::to_string(below(4)) + (below(5) == 0 ? "-rc.1" : "");
      if (below(round < 80 ? 4U : 2U) == 0) {
        changes.push_back(removal_of(name, version));
        plain.remove(*changes.back().entry.version);
      } else {
        const int second = static_cast<int>(below(1000));
        changes.push_back(
            put_of(entry_of(name, version, {}, second, filler.substr(0, below(2000)))));
        plain.put(changes.back().entry);
      }
    }
    entries = entries.with(std::move(changes));
    ASSERT_NO_FATAL_FAILURE(expect_equal(entries, plain)) << "round " << round;
  }
  EXPECT_GT(entries.yaml().leaves().size(), 3U);
}

TEST(EntryList, holds_every_chart_once_even_where_the_natural_order_goes_in_circles) {
  // x9 < x10 < x1a < x9, says the reference.
  const std::vector<std::string> names = {"x9", "x10", "x1a", "x9b", "x1", "x100", "x1b", "x2"};
  std::mt19937 random(7);  // NOLINT: the same sequence each time
  Entries entries;
  std::map<std::pair<std::string, std::string>, bool> listed;
  for (int round = 0; round < 600; ++round) {
    const std::string& name = names[random() % names.size()];
    const std::string version = "1.0." + std::to_string(random() % 5);
    const bool remove = random() % 2 == 0;
    std::vector<EntryChange> changes;
    changes.push_back(remove ? removal_of(name, version) : put_of(entry_of(name, version)));
    entries = entries.with(std::move(changes));
    listed[{name, version}] = !remove;

    const auto count = std::ranges::count_if(listed, [](const auto& each) { return each.second; });
    ASSERT_EQ(entries.yaml().version_count(), static_cast<std::size_t>(count));
    ASSERT_EQ(entries.json().version_count(), static_cast<std::size_t>(count));
    ASSERT_EQ(entries.yaml().chart_count(), entries.json().chart_count()) << "round " << round;
  }
}

TEST(EntryList, gives_an_entrys_texts_back_wherever_it_stands) {
  std::vector<std::pair<std::string, std::string>> versions;
  for (int i = 0; i < 600; ++i) versions.emplace_back("one", "1.0." + std::to_string(i));
  for (const char* name : {"x9", "x10", "x1a"}) versions.emplace_back(name, "1.0.0");
  const Entries entries = entries_of(versions);
  for (const auto& [name, version] : versions) {
    const RenderedEntry wanted = entry_of(name, version);
    const RenderedEntry found = entries.entry(wanted.version);
    EXPECT_EQ(found.yaml.opening, wanted.yaml.opening);
    EXPECT_EQ(found.yaml.body, wanted.yaml.body);
    EXPECT_EQ(found.json.opening, wanted.json.opening);
    EXPECT_EQ(found.json.body, wanted.json.body);
  }
}

}  // namespace
}  // namespace chartmuseum::repository
