// SPDX-License-Identifier: Apache-2.0
#include "repository/inventory.hpp"

#include "entries_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

storage::ObjectInfo object(const std::string& name, int second = 0, std::uint64_t size = 10,
                           const std::string& etag = {}) {
  return {.name = name, .size = size, .modified = at_second(second), .etag = etag};
}

/// An inventory with the lists that its changes go into.
class InventoryTest : public ::testing::Test {
 protected:
  std::optional<std::string> put(const std::string& file, const std::string& name,
                                 const std::string& version, int second = 0) {
    return inventory.put_package(object(file, second), entry_of(name, version, file, second),
                                 entries);
  }
  /// The file that each version is listed by, after applying the changes.
  std::vector<std::string> listed() {
    entries = entries.with(inventory.take_changes());
    std::vector<std::string> files;
    for (const auto& leaf : entries.json().leaves()) {
      for (const auto& item : leaf->items) {
        files.emplace_back(item.version->file_name);
        // The text is that of the same file.
        EXPECT_NE(entries.entry(item.version).json.body.find("charts/" + files.back()),
                  std::string::npos);
      }
    }
    return files;
  }

  Inventory inventory;
  Entries entries;
};

using Files = std::vector<std::string>;

TEST(ObjectKind, is_told_by_the_end_of_the_name) {
  EXPECT_EQ(kind_of("a-1.tgz"), ObjectKind::package);
  EXPECT_EQ(kind_of(".tgz"), ObjectKind::package);
  EXPECT_EQ(kind_of("a-1.tgz.prov"), ObjectKind::provenance);
  EXPECT_EQ(kind_of("a-1.TGZ"), ObjectKind::other);
  EXPECT_EQ(kind_of("index-cache.yaml"), ObjectKind::other);
  EXPECT_EQ(kind_of("a.prov"), ObjectKind::other);
}

TEST(SeenObject, tells_the_same_content_as_the_store_does) {
  const storage::ObjectInfo objects[] = {object("a"),
                                         object("a", 1),
                                         object("a", 0, 11),
                                         object("a", 0, 10, "x"),
                                         object("a", 1, 10, "x"),
                                         object("a", 0, 10, "y")};
  for (const auto& left : objects) {
    for (const auto& right : objects) {
      EXPECT_EQ(SeenObject(left).same_content(right), left.same_content(right));
    }
  }
}

TEST_F(InventoryTest, counts_packages_broken_ones_and_provenance_files) {
  put("a-1.0.0.tgz", "a", "1.0.0");
  inventory.put_broken(object("b.tgz"));
  inventory.put_provenance(object("a-1.0.0.tgz.prov"));
  EXPECT_EQ(inventory.count(), 3U);
  put("a-1.0.0.tgz", "a", "1.0.0", 5);
  EXPECT_EQ(inventory.count(), 3U);
  inventory.remove("b.tgz");
  inventory.remove("never there");
  EXPECT_EQ(inventory.count(), 2U);
}

TEST_F(InventoryTest, follows_an_object_that_becomes_another_chart_or_none) {
  put("x.tgz", "a", "1.0.0");
  EXPECT_EQ(order_of(entries.with(inventory.take_changes()).json()), Files{"a 1.0.0"});
  put("x.tgz", "a", "1.0.0");
  entries = entries.with(inventory.take_changes());
  put("x.tgz", "b", "2.0.0");
  entries = entries.with(inventory.take_changes());
  EXPECT_EQ(order_of(entries.json()), Files{"b 2.0.0"});
  inventory.put_broken(object("x.tgz"));
  EXPECT_TRUE(listed().empty());
}

TEST_F(InventoryTest, lists_one_of_two_objects_with_one_version_whatever_came_first) {
  EXPECT_EQ(put("b.tgz", "demo", "1.0.0"), std::nullopt);
  EXPECT_EQ(put("a.tgz", "demo", "1.0.0"), "b.tgz");
  EXPECT_EQ(listed(), Files{"a.tgz"});
  EXPECT_EQ(put("demo-1.0.0.tgz", "demo", "1.0.0"), "a.tgz");
  EXPECT_EQ(listed(), Files{"demo-1.0.0.tgz"});
  EXPECT_EQ(put("0.tgz", "demo", "1.0.0"), "demo-1.0.0.tgz");
  EXPECT_EQ(listed(), Files{"demo-1.0.0.tgz"});

  Inventory other;
  Entries in_other_order;
  for (const char* file : {"demo-1.0.0.tgz", "a.tgz", "0.tgz", "b.tgz"}) {
    other.put_package(object(file), entry_of("demo", "1.0.0", file), in_other_order);
  }
  EXPECT_EQ(in_other_order.with(other.take_changes()).json().text().to_string(),
            entries.json().text().to_string());
}

TEST_F(InventoryTest, falls_back_to_another_object_when_the_listed_one_goes) {
  for (const char* file : {"b.tgz", "demo-1.0.0.tgz", "a.tgz"}) put(file, "demo", "1.0.0");
  EXPECT_EQ(inventory.files_of("demo", "1.0.0").size(), 3U);
  inventory.remove("demo-1.0.0.tgz");
  EXPECT_EQ(listed(), Files{"a.tgz"});
  inventory.remove("b.tgz");
  EXPECT_EQ(listed(), Files{"a.tgz"});
  inventory.remove("a.tgz");
  EXPECT_TRUE(listed().empty());
  EXPECT_TRUE(inventory.files_of("demo", "1.0.0").empty());
}

TEST_F(InventoryTest, takes_back_the_text_of_a_listed_object_that_is_displaced) {
  put("a.tgz", "demo", "1.0.0");
  EXPECT_EQ(listed(), Files{"a.tgz"});  // its text now stands in the list alone
  put("demo-1.0.0.tgz", "demo", "1.0.0");
  EXPECT_EQ(listed(), Files{"demo-1.0.0.tgz"});
  inventory.remove("demo-1.0.0.tgz");
  EXPECT_EQ(listed(), Files{"a.tgz"});
}

TEST_F(InventoryTest, lists_the_same_after_any_order_of_events) {
  const Files files = {"demo-1.0.0.tgz", "a.tgz", "b.tgz"};
  Files order = files;
  do {
    for (std::size_t gone = 0; gone <= files.size(); ++gone) {
      inventory = Inventory();
      entries = Entries();
      for (const std::string& file : order) {
        put(file, "demo", "1.0.0");
        if (gone == 1) listed();
      }
      if (gone < files.size()) inventory.remove(files[gone]);
      EXPECT_EQ(listed(), Files{gone == 0 ? "a.tgz" : "demo-1.0.0.tgz"});
    }
  } while (std::ranges::next_permutation(order).found);
}

TEST_F(InventoryTest, compares_a_listing_with_what_it_knows) {
  put("same-1.0.0.tgz", "same", "1.0.0");
  put("changed-1.0.0.tgz", "changed", "1.0.0");
  put("gone-1.0.0.tgz", "gone", "1.0.0");
  inventory.put_provenance(object("gone-1.0.0.tgz.prov"));
  inventory.put_broken(object("broken.tgz"));
  const std::vector<storage::ObjectInfo> listing = {
      object("same-1.0.0.tgz"), object("changed-1.0.0.tgz", 7), object("new.tgz"),
      object("README.md"),      object("broken.tgz"),           object("new.tgz.prov")};
  for (int again = 0; again < 2; ++again) {
    auto difference = inventory.compare(listing);
    EXPECT_EQ(difference.changed, (std::vector<std::size_t>{1, 2, 5}));
    std::ranges::sort(difference.gone);
    EXPECT_EQ(difference.gone, (Files{"gone-1.0.0.tgz", "gone-1.0.0.tgz.prov"}));
  }
}

}  // namespace
}  // namespace chartmuseum::repository
