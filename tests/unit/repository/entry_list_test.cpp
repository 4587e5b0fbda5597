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
      if (a.name != b.name) return name_before(format, a.name, b.name);
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
    const auto old_leaves = yaml ? before.yaml().leaves() : before.json().leaves();
    const auto new_leaves = yaml ? after.yaml().leaves() : after.json().leaves();
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

/// Changes versions of ten charts at random, `rounds` times, with descriptions of up to
/// `longest` bytes; the leaves that there are at the end.
std::size_t expect_plain_rebuilds(int rounds, unsigned longest) {
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
  const std::string filler(longest, 'x');
  Entries entries;
  Plain plain;
  for (int round = 0; round < rounds; ++round) {
    std::vector<EntryChange> changes;
    for (unsigned i = below(round % 10 == 0 ? 60 : 4) + 1; i > 0; --i) {
      const std::string& name = names[below(static_cast<unsigned>(names.size()))];
      const std::string version = "1." + std::to_string(below(12)) + "." +
                                  std::to_string(below(4)) + (below(5) == 0 ? "-rc.1" : "");
      if (below(2 * round < rounds ? 4U : 2U) == 0) {
        changes.push_back(removal_of(name, version));
        plain.remove(*changes.back().entry.version);
      } else {
        const int second = static_cast<int>(below(1000));
        changes.push_back(
            put_of(entry_of(name, version, {}, second, filler.substr(0, below(longest)))));
        plain.put(changes.back().entry);
      }
    }
    entries = entries.with(std::move(changes));
    expect_equal(entries, plain);
    if (testing::Test::HasFatalFailure()) return 0;
  }
  return entries.yaml().leaf_count();
}

TEST(EntryList, equals_a_plain_rebuild_after_any_changes) {
  EXPECT_GT(expect_plain_rebuilds(160, 2'000), 3U);
}

TEST(EntryList, equals_a_plain_rebuild_in_many_branches_too) {
  // About a leaf for each version, and a branch for each dozen.
  EXPECT_GT(expect_plain_rebuilds(60, 100'000), 60U);
}

TEST(EntryList, counts_charts_across_branches) {
  const std::string long_text(60'000, 'x');
  std::vector<EntryChange> changes;
  for (int chart = 0; chart < 4; ++chart) {
    for (int version = 0; version < 70; ++version) {
      changes.push_back(put_of(entry_of("chart" + std::to_string(chart),
                                        "1.0." + std::to_string(version), {}, 0, long_text)));
    }
  }
  const Entries entries = Entries().with(std::move(changes));
  ASSERT_GT(entries.json().leaf_count(), 250U);
  EXPECT_EQ(entries.json().chart_count(), 4U);
  for (std::size_t chart = 0; chart < 4; ++chart) {
    const auto begin = entries.json().chart_begin(chart);
    EXPECT_EQ(entries.json().version(begin)->name, "chart" + std::to_string(chart));
    EXPECT_EQ(entries.json().version(begin)->version, "1.0.69");
  }
  EXPECT_EQ(entries.json().chart_begin(4), entries.json().end());
}

/// Puts in and removes versions of charts whose order is not transitive; the leaves at the end.
std::size_t expect_each_chart_once(int rounds, unsigned versions, const std::string& description) {
  // x9 < x10 < x1a < x9, says the reference.
  const std::vector<std::string> names = {"x9", "x10", "x1a", "x9b", "x1", "x100", "x1b", "x2"};
  std::mt19937 random(7);  // NOLINT: the same sequence each time
  Entries entries;
  std::map<std::pair<std::string, std::string>, bool> listed;
  for (int round = 0; round < rounds; ++round) {
    const std::string& name = names[random() % names.size()];
    const std::string version = "1.0." + std::to_string(random() % versions);
    const bool remove = random() % 3 == 0;
    std::vector<EntryChange> changes;
    changes.push_back(remove ? removal_of(name, version)
                             : put_of(entry_of(name, version, {}, 0, description)));
    entries = entries.with(std::move(changes));
    listed[{name, version}] = !remove;

    const auto count = std::ranges::count_if(listed, [](const auto& each) { return each.second; });
    EXPECT_EQ(entries.yaml().version_count(), static_cast<std::size_t>(count));
    EXPECT_EQ(entries.json().version_count(), static_cast<std::size_t>(count));
    EXPECT_EQ(entries.yaml().chart_count(), entries.json().chart_count()) << "round " << round;
    if (testing::Test::HasFailure()) break;
  }
  return entries.yaml().leaf_count();
}

TEST(EntryList, holds_every_chart_once_even_where_the_natural_order_goes_in_circles) {
  EXPECT_GT(expect_each_chart_once(600, 5, ""), 0U);
}

TEST(EntryList, holds_every_chart_once_in_circles_over_many_branches) {
  EXPECT_GT(expect_each_chart_once(700, 25, std::string(40'000, 'x')), 96U);
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
