// SPDX-License-Identifier: Apache-2.0
// The part of the cache that survives a restart.
#include "cached_store_fixture.hpp"
#include "unit/storage/in_child.hpp"

#include <fstream>
#include <sys/file.h>

namespace chartmuseum::storage {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kBytes(20'000, 'b');

class CachedStoreFolder : public CachedStoreTest {
 protected:
  CachedStoreFolder() { settings.folder = cache(); }

  [[nodiscard]] fs::path cache() const { return folder.path() / "below" / "cache"; }

  /// The files in it, the oldest first.
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(cache())) paths.push_back(entry.path());
    std::ranges::sort(paths, {}, [](const fs::path& path) { return fs::last_write_time(path); });
    return paths;
  }

  static bool is_file(const OpenObject& object) {
    return std::holds_alternative<std::shared_ptr<const FileDescriptor>>(object.content);
  }

  void write(const fs::path& path, std::string_view text, std::streamoff at = 0) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << text;
  }
};

TEST_F(CachedStoreFolder, serves_after_a_restart_what_was_fetched_before) {
  bucket->place("org/a", kBytes);
  open("org/a");
  restart();
  const OpenObject object = opened("org/a");
  EXPECT_TRUE(is_file(object)) << "to be sent without copying it";
  EXPECT_EQ(read_all(object), kBytes);
  EXPECT_EQ(object.info.name, "a");
  EXPECT_EQ(object.info.etag, bucket->info("org/a")->etag);
  EXPECT_EQ(fetches(), 1U);
}

TEST_F(CachedStoreFolder, serves_after_a_restart_what_was_pushed_before) {
  put("a", kBytes);
  restart();
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 0U);
}

TEST_F(CachedStoreFolder, asks_after_a_restart_whether_it_is_still_the_same) {
  bucket->place("a", kBytes);
  open("a");
  restart();
  bucket->place("a", "new");
  EXPECT_EQ(open("a"), "new");
  restart();
  EXPECT_EQ(open("a"), "new");
  EXPECT_EQ(files().size(), 1U) << "one file for an object";
}

TEST_F(CachedStoreFolder, serves_after_a_restart_what_the_store_cannot_be_asked_about) {
  bucket->place("a", kBytes);
  open("a");
  restart();
  bucket->stop_after(0);
  EXPECT_EQ(open("a"), kBytes);
}

TEST_F(CachedStoreFolder, does_not_take_another_storages_objects_for_its_own) {
  settings.origin = "amazon/one";
  bucket->place("a", kBytes);
  open("a");
  restart();
  settings.origin = "amazon/other";
  bucket->stop_after(0);
  EXPECT_THAT(open("a"), HasSubstr("(failed"));
}

TEST_F(CachedStoreFolder, keeps_what_is_too_large_for_memory) {
  settings.memory = 10'000;
  bucket->place("a", kBytes);
  EXPECT_EQ(open("a"), kBytes);
  const OpenObject again = opened("a");
  EXPECT_TRUE(is_file(again));
  EXPECT_EQ(read_all(again), kBytes);
  EXPECT_EQ(fetches(), 1U);
}

TEST_F(CachedStoreFolder, passes_through_what_is_too_large_for_the_folder) {
  settings.memory = 10'000;
  settings.folder_size = 30'000;
  bucket->place("a", kBytes);
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 2U);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(CachedStoreFolder, forgets_what_is_removed) {
  put("a", kBytes);
  settle();
  EXPECT_EQ(files().size(), 1U);
  EXPECT_TRUE(run_task(store().remove("a")).value());
  settle();
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(CachedStoreFolder, removes_the_least_recently_used_when_it_is_full) {
  settings.memory = 0;
  settings.folder_size = 4 * 24'576;
  for (const std::string key : {"a", "b", "c", "d", "e"}) bucket->place(key, kBytes);
  for (const std::string key : {"a", "b", "c", "d", "a", "e"}) open(key);
  EXPECT_EQ(files().size(), 4U);
  EXPECT_EQ(fetches(), 5U);
  open("a");
  EXPECT_EQ(fetches(), 5U);
  open("b");
  EXPECT_EQ(fetches(), 6U);
}

TEST_F(CachedStoreFolder, remembers_over_a_restart_what_was_used_last) {
  settings.memory = 0;
  for (const std::string key : {"a", "b", "c"}) {
    bucket->place(key, kBytes);
    open(key);
  }
  restart();
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(100);
  const std::vector<fs::path> before = files();
  for (std::size_t i = 0; i < before.size(); ++i) {
    fs::last_write_time(before[i], old + std::chrono::seconds(i));
  }
  EXPECT_EQ(open("a"), kBytes);  // which counts as use from now on
  restart();
  settings.folder_size = 24'576;
  store();
  settle();
  EXPECT_THAT(files(), ElementsAre(before[0]));
}

TEST_F(CachedStoreFolder, never_serves_a_file_that_is_damaged) {
  bucket->place("a", kBytes);
  const std::function<void(const fs::path&)> damages[] = {
      [&](const fs::path& path) { write(path, "X", 777); },
      [&](const fs::path& path) { write(path, "X", 20'000); },  // its etag
      [&](const fs::path& path) { fs::resize_file(path, 19'000); },
      [&](const fs::path& path) { fs::resize_file(path, fs::file_size(path) + 1); },
      [&](const fs::path& path) { fs::resize_file(path, 0); },
      [&](const fs::path& path) {
        fs::remove(path);
        fs::create_symlink("/etc/passwd", path);
      },
      [&](const fs::path& path) {
        fs::remove(path);
        fs::create_directory(path);
      }};
  for (const auto& damage : damages) {
    open("a");
    restart();
    for (const fs::path& path : files()) damage(path);
    EXPECT_EQ(open("a"), kBytes);
    restart();
    for (const fs::path& path : files()) fs::remove_all(path);
  }
  EXPECT_EQ(fetches(), 2 * std::size(damages));
}

TEST_F(CachedStoreFolder, never_serves_a_file_under_the_name_of_another) {
  bucket->place("a", kBytes);
  bucket->place("b", std::string(20'000, 'x'));
  open("a");
  const fs::path of_a = files().at(0);
  open("b");
  restart();
  for (const fs::path& path : files()) {
    if (path != of_a) fs::copy_file(of_a, path, fs::copy_options::overwrite_existing);
  }
  EXPECT_EQ(open("b"), std::string(20'000, 'x'));
}

TEST_F(CachedStoreFolder, fetches_what_somebody_has_removed_by_hand) {
  settings.memory = 0;
  bucket->place("a", kBytes);
  open("a");
  fs::remove(files().at(0));
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(fetches(), 2U);
}

TEST_F(CachedStoreFolder, leaves_files_alone_that_are_not_its_own) {
  fs::create_directories(cache() / "folder");
  for (const char* name : {"notes.txt", "0123.cached", "0123456789ABCDEF0123456789ABCDEF.cached"}) {
    std::ofstream(cache() / name) << std::string(50'000, 'n');
  }
  settings.folder_size = 41'000;  // two of them
  for (const std::string key : {"a", "b", "c"}) {
    bucket->place(key, kBytes);
    open(key);
    restart();
  }
  EXPECT_EQ(files().size(), 4U + 2U);
}

TEST_F(CachedStoreFolder, leaves_no_unfinished_file_behind_when_a_fetch_ends_early) {
  settings.memory = 0;
  bucket->place("a", kBytes);
  bucket->open_as_streams(1000, 5000);
  EXPECT_THAT(open("a"), HasSubstr("(broken"));
  {
    const OpenObject unread = opened("a");
  }
  settle();
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(CachedStoreFolder, does_without_a_folder_that_cannot_be_made) {
  std::ofstream(folder.path() / "below") << "a file";
  bucket->place("a", kBytes);
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_EQ(open("a"), kBytes);
  ASSERT_EQ(log_lines.size(), 1U) << "and says so, now and then";
  EXPECT_THAT(log_lines[0], HasSubstr("package cache"));
  EXPECT_THAT(log_lines[0], HasSubstr(cache().string()));
}

TEST_F(CachedStoreFolder, does_without_a_folder_that_another_process_uses) {
  fs::create_directories(cache());
  const int other = ::open(cache().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  bucket->place("a", kBytes);
  EXPECT_EQ(open("a"), kBytes);
  EXPECT_THAT(files(), IsEmpty());
  ASSERT_EQ(log_lines.size(), 1U);
  EXPECT_THAT(log_lines[0], HasSubstr("is used by another process"));
  ::close(other);
}

TEST_F(CachedStoreFolder, is_for_nobody_but_this_user) {
  put("a", kBytes);
  settle();
  EXPECT_EQ(fs::status(cache()).permissions(), fs::perms::owner_all);
}

}  // namespace
}  // namespace chartmuseum::storage
