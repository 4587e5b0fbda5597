// SPDX-License-Identifier: Apache-2.0
#include "base/timestamp.hpp"
#include "conformance/run_task.hpp"
#include "conformance/store_conformance.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace chartmuseum::storage {
namespace {

using testing::ElementsAre;

TEST_P(StoreConformance, returns_what_was_stored) {
  put("chart-1.0.0.tgz", "bytes");
  EXPECT_EQ(get("chart-1.0.0.tgz"), "bytes");
  EXPECT_EQ(open("chart-1.0.0.tgz"), "bytes");
}

TEST_P(StoreConformance, keeps_objects_in_folders_of_any_depth) {
  put("a", "0");
  put("org/b", "1");
  put("org/team/deep/er/c", "2");
  EXPECT_EQ(get("a"), "0");
  EXPECT_EQ(get("org/b"), "1");
  EXPECT_EQ(get("org/team/deep/er/c"), "2");
}

TEST_P(StoreConformance, answers_absent_for_what_is_not_there) {
  put("org/present", "x");
  for (const std::string key : {"absent", "org/absent", "nowhere/absent", "org", "org/present/x"}) {
    EXPECT_EQ(get(key), "(absent)") << key;
    EXPECT_EQ(open(key), "(absent)") << key;
    EXPECT_FALSE(stat(key)) << key;
    EXPECT_FALSE(remove(key)) << key;
  }
}

TEST_P(StoreConformance, refuses_keys_that_could_leave_their_folder) {
  using namespace std::string_literals;
  for (const std::string& key : {""s, "/a"s, "a/"s, "a//b"s, "."s, ".."s, "../a"s, "a/../b"s,
                                 "a/.."s, "a\\b"s, "a\0b"s, std::string(256, 'x')}) {
    const auto stored = try_put(key, "x");
    ASSERT_FALSE(stored) << key;
    EXPECT_EQ(stored.error().kind, FailureKind::invalid) << key;
    const auto got = run_task(store().get(key, 1000));
    ASSERT_FALSE(got) << key;
    EXPECT_EQ(got.error().kind, FailureKind::invalid) << key;
    EXPECT_FALSE(run_task(store().open(key))) << key;
    EXPECT_FALSE(run_task(store().stat(key))) << key;
    EXPECT_FALSE(run_task(store().remove(key))) << key;
  }
  EXPECT_FALSE(run_task(store().list("a/../b")));
  EXPECT_TRUE(names("").empty());
}

TEST_P(StoreConformance, stores_nothing_over_an_object_when_only_creating) {
  const ObjectInfo first = put("a", "first");
  const auto second = try_put("a", "second");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, FailureKind::conflict);
  EXPECT_EQ(get("a"), "first");
  EXPECT_TRUE(stat("a")->same_content(first));
}

TEST_P(StoreConformance, overwrites_when_told_to) {
  put("a", "a first, longer text");
  put("a", "second", PutCondition::overwrite);
  EXPECT_EQ(get("a"), "second");
  put("new", "x", PutCondition::overwrite);
  EXPECT_EQ(get("new"), "x");
  EXPECT_THAT(names(""), ElementsAre("a", "new"));
}

TEST_P(StoreConformance, stores_empty_objects) {
  const ObjectInfo info = put("empty", "");
  EXPECT_EQ(info.size, 0U);
  EXPECT_EQ(get("empty"), "");
  EXPECT_EQ(open("empty"), "");
  EXPECT_EQ(stat("empty")->size, 0U);
  EXPECT_THAT(names(""), ElementsAre("empty"));
}

TEST_P(StoreConformance, stores_large_objects_byte_for_byte) {
  std::string large(traits().large_object, '\0');
  std::uint32_t state = 1;
  for (char& byte : large) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  const ObjectInfo info = put("org/large.tgz", large);
  EXPECT_EQ(info.size, large.size());
  EXPECT_TRUE(get("org/large.tgz") == large);
  EXPECT_TRUE(open("org/large.tgz") == large);
}

TEST_P(StoreConformance, refuses_to_read_more_than_the_caller_wants) {
  put("a", "12345");
  EXPECT_TRUE(run_task(store().get("a", 5)));
  const auto got = run_task(store().get("a", 4));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, FailureKind::invalid);
}

TEST_P(StoreConformance, keeps_odd_names_apart) {
  std::vector<std::string> odd = {"a+b-1.0.0+build.tgz",
                                  "a b",
                                  "a%20b",
                                  "a%2Bb",
                                  "a#b?c=d&e",
                                  "~",
                                  "...",
                                  "..a",
                                  "-rf",
                                  "'\"`$;",
                                  "a:b",
                                  "\xc3\xa9t\xc3\xa9",
                                  "\xe6\xa8\xa1\xe5\x9e\x8b",
                                  "A",
                                  "a",
                                  std::string(traits().longest_name, 'n')};
  if (!traits().names_with_markup) {
    std::erase_if(odd, [](const std::string& name) {
      return name.find_first_of("&'\"`<>") != std::string::npos;
    });
  }
  if (traits().names_with_any_byte) odd.insert(odd.end(), {"\xff\xfe", "new\nline", "\x01"});
  for (const std::string& name : odd) put(name, "in the root: " + name);
  for (const std::string& name : odd) put("fol der+/" + name, "in a folder: " + name);
  for (const std::string& name : odd) {
    EXPECT_EQ(get(name), "in the root: " + name);
    EXPECT_EQ(get("fol der+/" + name), "in a folder: " + name);
    EXPECT_EQ(stat(name)->name, name);
  }
  EXPECT_THAT(names(""), testing::UnorderedElementsAreArray(odd));
  EXPECT_THAT(names("fol der+"), testing::UnorderedElementsAreArray(odd));
  for (const std::string& name : odd) EXPECT_TRUE(remove(name)) << name;
  EXPECT_TRUE(names("").empty());
}

TEST_P(StoreConformance, removes_an_object_once) {
  put("org/a", "x");
  put("org/b", "x");
  EXPECT_TRUE(remove("org/a"));
  EXPECT_FALSE(remove("org/a"));
  EXPECT_EQ(get("org/a"), "(absent)");
  EXPECT_THAT(names("org"), ElementsAre("b"));
  put("org/a", "again");
  EXPECT_EQ(get("org/a"), "again");
}

TEST_P(StoreConformance, describes_an_object_the_same_way_everywhere) {
  const Timestamp before = now();
  const ObjectInfo stored = put("org/a", "12345");
  const auto found = stat("org/a");
  const auto got = run_task(store().get("org/a", 100));
  const auto opened = run_task(store().open("org/a"));
  const auto listed = list("org");
  ASSERT_TRUE(found && got && *got && opened && *opened);
  ASSERT_EQ(listed.size(), 1U);
  for (const ObjectInfo& info : {stored, *found, (*got)->info, (*opened)->info, listed[0]}) {
    EXPECT_EQ(info.name, "a");
    EXPECT_EQ(info.size, 5U);
    EXPECT_TRUE(info.same_content(stored)) << info.etag << " " << stored.etag;
    EXPECT_EQ(info.etag.empty(), !traits().etags);
    // Whole seconds in some services, and their clock, not ours.
    EXPECT_LT(std::chrono::abs(info.modified - before), std::chrono::seconds(60));
  }
}

TEST_P(StoreConformance, tells_different_contents_apart) {
  const ObjectInfo first = put("a", "12345");
  const ObjectInfo second = put("a", "54321", PutCondition::overwrite);
  if (traits().etags) {
    EXPECT_FALSE(first.same_content(second));
  }
  EXPECT_TRUE(second.same_content(*stat("a")));
  const ObjectInfo longer = put("a", "123456", PutCondition::overwrite);
  EXPECT_FALSE(second.same_content(longer));
}

TEST_P(StoreConformance, returns_the_start_of_an_object_or_more) {
  const std::string bytes = std::string(200'000, 'a') + std::string(200'000, 'b');
  put("large", bytes);
  put("small", "bytes");
  const auto start = run_task(store().get_start("large", 70'000));
  ASSERT_TRUE(start && *start);
  EXPECT_GE((*start)->bytes.size(), 70'000U);
  EXPECT_TRUE(bytes.starts_with((*start)->bytes));
  EXPECT_EQ((*start)->info.size, bytes.size());
  EXPECT_TRUE((*start)->info.same_content(*stat("large")));
  const auto whole = run_task(store().get_start("small", 70'000));
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ((*whole)->bytes, "bytes");
  const auto absent = run_task(store().get_start("absent", 70'000));
  ASSERT_TRUE(absent);
  EXPECT_FALSE(*absent);
  EXPECT_EQ(run_task(store().get_start("../a", 10)).error().kind, FailureKind::invalid);
}

TEST_P(StoreConformance, returns_the_start_of_an_empty_object) {
  put("empty", "");
  const auto start = run_task(store().get_start("empty", 10));
  ASSERT_TRUE(start && *start);
  EXPECT_EQ((*start)->bytes, "");
}

TEST_P(StoreConformance, keeps_the_digest_that_it_was_told_where_it_can) {
  const auto digest_of = [this](const std::string& key) {
    const auto start = run_task(store().get_start(key, 2));
    return start && *start ? (*start)->digest : std::nullopt;
  };
  const Digest told = Digest::of("bytes");
  Content content("bytes");
  content.set_digest(told);
  ASSERT_TRUE(run_task(store().put("told", content, PutCondition::create_only)));
  put("untold", "bytes");
  EXPECT_EQ(digest_of("told"), store().knows_digests() ? std::optional(told) : std::nullopt);
  EXPECT_EQ(digest_of("untold"), std::nullopt);
  put("told", "others", PutCondition::overwrite);
  EXPECT_EQ(digest_of("told"), std::nullopt);
}

}  // namespace
}  // namespace chartmuseum::storage
