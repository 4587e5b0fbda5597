// SPDX-License-Identifier: Apache-2.0
#include "storage/local_store.hpp"

#include "unit/storage/local_store_fixture.hpp"

#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace chartmuseum::storage {
namespace {

using testing::ElementsAre;

/// Sets the umask for one test.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

unsigned mode_of(const fs::path& path) {
  struct stat found{};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777;
}

TEST_F(LocalStoreTest, keeps_the_go_servers_layout_and_modes) {
  const Umask open_handed(0);
  ASSERT_TRUE(put("org/team/a-1.0.0.tgz", "bytes"));
  EXPECT_EQ(read(root() / "org/team/a-1.0.0.tgz"), "bytes");
  EXPECT_EQ(mode_of(root() / "org"), 0774U);
  EXPECT_EQ(mode_of(root() / "org/team"), 0774U);
  EXPECT_EQ(mode_of(root() / "org/team/a-1.0.0.tgz"), 0644U);
  EXPECT_THAT(entries(root() / "org/team"), ElementsAre("a-1.0.0.tgz"));
}

TEST_F(LocalStoreTest, makes_the_root_with_the_first_object) {
  fs::remove(root());
  EXPECT_EQ(get("a"), "(absent)");
  EXPECT_THAT(names(""), ElementsAre());
  ASSERT_TRUE(put("org/a", "x"));
  EXPECT_EQ(read(root() / "org/a"), "x");
}

TEST_F(LocalStoreTest, goes_on_when_its_folders_are_removed_under_it) {
  ASSERT_TRUE(put("org/a", "x"));
  fs::remove_all(root());
  EXPECT_EQ(get("org/a"), "(absent)");
  ASSERT_TRUE(put("org/a", "y"));
  EXPECT_EQ(get("org/a"), "y");
}

TEST_F(LocalStoreTest, says_when_an_object_was_written) {
  const Timestamp before = now();
  const auto stored = put("a", "x");
  ASSERT_TRUE(stored);
  EXPECT_GE(stored->modified, before);
  EXPECT_LE(stored->modified, now());
}

TEST_F(LocalStoreTest, opens_what_is_there_now_however_often_it_was_opened_before) {
  const auto opened = [this]() -> std::string {
    const auto object = run_task(store().open("a.tgz"));
    if (!object || !*object) return "(absent)";
    return *std::get<std::shared_ptr<const std::string>>((*object)->content);
  };
  const auto open_several_times = [&opened] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));  // its time is no longer "just now"
    for (int i = 0; i < 3; ++i) opened();
    return opened();
  };
  ASSERT_TRUE(put("a.tgz", "first"));
  EXPECT_EQ(open_several_times(), "first");
  write(root() / "a.tgz", "in place");
  EXPECT_EQ(opened(), "in place");
  EXPECT_EQ(open_several_times(), "in place");
  // The same size and modification time: only the change time tells.
  const auto modified = fs::last_write_time(root() / "a.tgz");
  write(root() / "a.tgz", "IN PLACE");
  fs::last_write_time(root() / "a.tgz", modified);
  EXPECT_EQ(opened(), "IN PLACE");
  EXPECT_EQ(open_several_times(), "IN PLACE");
  fs::remove(root() / "a.tgz");
  EXPECT_EQ(opened(), "(absent)");
  ASSERT_TRUE(put("a.tgz", "again"));
  EXPECT_EQ(opened(), "again");
}

TEST_F(LocalStoreTest, reads_through_links_also_out_of_the_root) {
  write(outside() / "target.tgz", "x");
  fs::create_symlink(outside() / "target.tgz", root() / "a.tgz");
  fs::create_symlink("a.tgz", root() / "b.tgz");
  EXPECT_EQ(get("a.tgz"), "x");
  EXPECT_EQ(get("b.tgz"), "x");
  EXPECT_THAT(names(""), ElementsAre("a.tgz", "b.tgz"));
  EXPECT_EQ(run_task(store().stat("b.tgz")).value()->size, 1U);
}

TEST_F(LocalStoreTest, replaces_a_link_and_leaves_its_target_alone) {
  write(outside() / "target.tgz", "precious");
  fs::create_symlink(outside() / "target.tgz", root() / "a.tgz");
  ASSERT_TRUE(put("a.tgz", "new", PutCondition::overwrite));
  EXPECT_EQ(read(outside() / "target.tgz"), "precious");
  EXPECT_FALSE(fs::is_symlink(root() / "a.tgz"));
  EXPECT_EQ(get("a.tgz"), "new");
}

TEST_F(LocalStoreTest, does_not_make_the_target_of_a_dangling_link) {
  fs::create_symlink(outside() / "new.tgz", root() / "a.tgz");
  ASSERT_TRUE(put("a.tgz", "x"));
  EXPECT_FALSE(fs::exists(outside() / "new.tgz"));
  EXPECT_EQ(get("a.tgz"), "x");
}

TEST_F(LocalStoreTest, removes_a_link_and_leaves_its_target_alone) {
  write(outside() / "target.tgz", "precious");
  fs::create_symlink(outside() / "target.tgz", root() / "a.tgz");
  EXPECT_TRUE(run_task(store().remove("a.tgz")).value());
  EXPECT_EQ(read(outside() / "target.tgz"), "precious");
  EXPECT_THAT(entries(root()), ElementsAre());
}

TEST_F(LocalStoreTest, writes_nothing_below_a_folder_that_is_a_link) {
  write(outside() / "a.tgz", "precious");
  fs::create_directory_symlink(outside(), root() / "org");
  for (const std::string key : {"org/new.tgz", "org/below/new.tgz", "org/a.tgz"}) {
    const auto stored = put(key, "x", PutCondition::overwrite);
    ASSERT_FALSE(stored) << key;
    EXPECT_EQ(stored.error().kind, FailureKind::denied) << key;
  }
  const auto removed = run_task(store().remove("org/a.tgz"));
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, FailureKind::denied);
  EXPECT_EQ(read(outside() / "a.tgz"), "precious");
  EXPECT_THAT(entries(outside()), ElementsAre("a.tgz"));
}

TEST_F(LocalStoreTest, may_have_a_root_that_is_a_link) {
  fs::remove(root());
  fs::create_directory_symlink(outside(), root());
  ASSERT_TRUE(put("org/a", "x"));
  EXPECT_EQ(read(outside() / "org/a"), "x");
}

TEST_F(LocalStoreTest, refuses_objects_where_a_folder_is_and_folders_where_an_object_is) {
  ASSERT_TRUE(put("object", "x"));
  const auto below = put("object/a", "x");
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error().kind, FailureKind::invalid);

  fs::create_directory(root() / "folder");
  const auto over = put("folder", "x", PutCondition::overwrite);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().kind, FailureKind::invalid);
  EXPECT_TRUE(fs::is_directory(root() / "folder"));
  EXPECT_THAT(entries(root()), ElementsAre("folder", "object"));
}

TEST_F(LocalStoreTest, has_no_objects_with_the_names_of_writes_in_progress) {
  const std::string name = ".chartmuseum-0123456789abcdef.part";
  write(root() / name, "half");
  EXPECT_EQ(get(name), "(absent)");
  EXPECT_FALSE(run_task(store().open(name)).value());
  EXPECT_FALSE(run_task(store().stat(name)).value());
  EXPECT_FALSE(run_task(store().remove(name)).value());
  const auto stored = put(name, "x", PutCondition::overwrite);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().kind, FailureKind::invalid);
}

TEST_F(LocalStoreTest, refuses_paths_longer_than_the_system_takes) {
  std::string key = "a";
  for (int i = 0; i < 30; ++i) key = std::string(200, 'x') + "/" + key;
  const auto stored = put(key, "x");
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().kind, FailureKind::invalid);
}

TEST_F(LocalStoreTest, sees_a_write_in_place_behind_an_old_modification_time) {
  write(root() / "a", "12345");
  const auto before = run_task(store().stat("a")).value().value();
  const auto time = fs::last_write_time(root() / "a");
  write(root() / "a", "54321");
  fs::last_write_time(root() / "a", time);
  const auto after = run_task(store().stat("a")).value().value();
  EXPECT_EQ(before.size, after.size);
  EXPECT_EQ(before.modified, after.modified);
  EXPECT_FALSE(before.same_content(after));
}

TEST_F(LocalStoreTest, sees_a_write_in_place_within_one_tick_of_the_clock) {
  for (int i = 0; i < 100; ++i) {
    write(root() / "a", "12345");
    const auto before = run_task(store().stat("a")).value().value();
    write(root() / "a", "54321");
    EXPECT_FALSE(before.same_content(run_task(store().stat("a")).value().value()));
  }
}

TEST_F(LocalStoreTest, finds_an_untouched_file_unchanged) {
  write(root() / "a", "12345");
  const fs::file_time_type old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(root() / "a", old);
  const auto before = run_task(store().stat("a")).value().value();
  EXPECT_EQ(get("a"), "12345");
  EXPECT_TRUE(before.same_content(run_task(store().stat("a")).value().value()));
}

TEST_F(LocalStoreTest, reads_files_of_impossible_times) {
  for (const std::int64_t seconds :
       {std::int64_t{-62'135'596'800}, std::int64_t{253'402'300'799}}) {
    write(root() / "a", "x");
    timespec time{};
    time.tv_sec = seconds;
    const timespec times[2] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, (root() / "a").c_str(), times, 0), 0);
    EXPECT_EQ(get("a"), "x");
    EXPECT_THAT(names(""), ElementsAre("a"));
  }
}

TEST_F(LocalStoreTest, serves_a_root_together_with_another_server) {
  const auto other = make_store();
  ASSERT_TRUE(put("org/a", "mine"));
  const auto theirs = run_task(other->put("org/a", "theirs", PutCondition::create_only));
  ASSERT_FALSE(theirs);
  EXPECT_EQ(theirs.error().kind, FailureKind::conflict);
  ASSERT_TRUE(run_task(other->put("org/b", "theirs", PutCondition::create_only)));
  EXPECT_THAT(names("org"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace chartmuseum::storage
