// SPDX-License-Identifier: Apache-2.0
#include "unit/storage/folder_watcher_fixture.hpp"

#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace chartmuseum::storage {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FolderWatcherTest, sees_what_is_done_by_hand) {
  write(outside() / "a.tgz", "bytes");
  write(root() / "present.tgz", "bytes");
  watch("");
  EXPECT_THAT(changes(), IsEmpty());
  shell("cp ../outside/a.tgz .");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("mv a.tgz b.tgz");
  EXPECT_THAT(changes(), ElementsAre("a.tgz", "b.tgz"));
  shell("mv b.tgz ../outside");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("mv ../outside/b.tgz .");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("echo other > b.tgz");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("cp --preserve ../outside/a.tgz b.tgz");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("touch -d '2001-01-01' b.tgz");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("chmod 600 b.tgz");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("ln b.tgz hard.tgz");
  EXPECT_THAT(changes(), Contains("hard.tgz"));
  shell("ln -s b.tgz soft.tgz");
  EXPECT_THAT(changes(), ElementsAre("soft.tgz"));
  shell("rm b.tgz");
  EXPECT_THAT(changes(), Contains("b.tgz"));
  shell("rm *");
  EXPECT_THAT(changes(), ElementsAre("hard.tgz", "present.tgz", "soft.tgz"));
}

TEST_F(FolderWatcherTest, sees_what_rsync_does) {
  if (std::system("rsync --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no rsync here";
  write(outside() / "a.tgz", "bytes");
  watch("");
  shell("rsync -a ../outside/ .");
  EXPECT_THAT(changes(), Contains("a.tgz"));
  write(outside() / "a.tgz", "other bytes");
  shell("rsync -a --inplace ../outside/ .");
  EXPECT_THAT(changes(), Contains("a.tgz"));
  fs::remove(outside() / "a.tgz");
  shell("rsync -a --delete ../outside/ .");
  EXPECT_THAT(changes(), Contains("a.tgz"));
}

TEST_F(FolderWatcherTest, waits_for_the_writer_of_a_new_file) {
  watch("");
  FileDescriptor file(::open((root() / "a.tgz").c_str(), O_CREAT | O_WRONLY, 0644));
  EXPECT_THAT(changes(), IsEmpty());
  ASSERT_EQ(::write(file.get(), "half", 4), 4);
  EXPECT_THAT(changes(), IsEmpty());
  file.reset();
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
}

TEST_F(FolderWatcherTest, sees_a_file_linked_in_under_its_final_name) {
  write(outside() / "temporary", "bytes");
  watch("");
  shell("ln ../outside/temporary a.tgz && rm ../outside/temporary");
  EXPECT_THAT(changes(), Contains("a.tgz"));

  const FileDescriptor unnamed(::open(root().c_str(), O_TMPFILE | O_WRONLY, 0644));
  if (!unnamed) GTEST_SKIP() << "no O_TMPFILE here";
  ASSERT_EQ(::write(unnamed.get(), "bytes", 5), 5);
  const std::string name = "/proc/self/fd/" + std::to_string(unnamed.get());
  ASSERT_EQ(
      ::linkat(AT_FDCWD, name.c_str(), AT_FDCWD, (root() / "b.tgz").c_str(), AT_SYMLINK_FOLLOW), 0);
  EXPECT_THAT(changes(), Contains("b.tgz"));
}

TEST_F(FolderWatcherTest, tells_nothing_of_folders_below_and_of_writes_in_progress) {
  shell("mkdir -p org/below");
  watch("org");
  shell("mkdir org/new && echo x > org/below/a.tgz && rmdir org/new");
  write(root() / "org/.chartmuseum-0123456789abcdef.part", "half");
  write(root() / "b.tgz", "x");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(FolderWatcherTest, sees_changes_at_every_depth) {
  shell("mkdir -p a/b/c/d");
  watch("a/b/c/d");
  write(root() / "a/b/c/d/x.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("x.tgz"));
}

TEST_F(FolderWatcherTest, cannot_watch_what_is_not_there) {
  EXPECT_FALSE(store().watch("absent", [](const FolderChange&) {}));
  EXPECT_FALSE(store().watch("a/../b", [](const FolderChange&) {}));
  write(root() / "file", "x");
  EXPECT_FALSE(store().watch("file", [](const FolderChange&) {}));
  EXPECT_THAT(log_lines(), IsEmpty());
}

TEST_F(FolderWatcherTest, follows_a_folder_that_is_removed_and_made_again) {
  shell("mkdir -p org/team && echo x > org/team/a.tgz");
  watch("org/team");
  shell("rm -r org/team");
  EXPECT_THAT(changes(), Contains("(everything)"));
  shell("mkdir org/team");
  EXPECT_THAT(changes(), Contains("(everything)"));
  write(root() / "org/team/b.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
  shell("rm -r org");
  EXPECT_THAT(changes(), Contains("(everything)"));
  shell("mkdir -p org/team");
  EXPECT_THAT(changes(), Contains("(everything)"));
  write(root() / "org/team/c.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("c.tgz"));
  EXPECT_TRUE(watch().alive());
}

TEST_F(FolderWatcherTest, notices_that_a_folder_is_gone_which_somebody_still_has_open) {
  shell("mkdir org");
  watch("org");
  const FileDescriptor open(::open((root() / "org").c_str(), O_RDONLY | O_DIRECTORY));
  shell("rmdir org && mkdir org");
  EXPECT_THAT(changes(), Contains("(everything)"));
  write(root() / "org/a.tgz", "x");
  EXPECT_THAT(changes(), Contains("a.tgz"));
}

TEST_F(FolderWatcherTest, follows_a_folder_whose_parent_is_moved) {
  shell("mkdir -p org/team other/team && echo x > org/team/a.tgz");
  watch("org/team");
  shell("mv org ../outside/org");
  EXPECT_THAT(changes(), ElementsAre("(everything)"));
  write(outside() / "org/team/b.tgz", "x");
  EXPECT_THAT(changes(), IsEmpty());
  shell("mv other org");
  EXPECT_THAT(changes(), ElementsAre("(everything)"));
  write(root() / "org/team/c.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("c.tgz"));
}

TEST_F(FolderWatcherTest, follows_the_root_when_it_is_replaced) {
  watch("");
  shell("cd .. && mv root old && mkdir root");
  EXPECT_THAT(changes(), Contains("(everything)"));
  shell("cd .. && mv root newer && mv old root");
  EXPECT_THAT(changes(), Contains("(everything)"));
  write(root() / "a.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
}

TEST_F(FolderWatcherTest, says_that_anything_may_have_changed_when_the_queue_overflows) {
  std::ifstream limit("/proc/sys/fs/inotify/max_queued_events");
  std::size_t most = 0;
  limit >> most;
  if (most == 0 || most > 100'000) GTEST_SKIP() << "a queue of " << most << " events";
  shell("mkdir org other");
  watch("org");
  std::mutex stop_the_thread;
  std::unique_lock stopped(stop_the_thread);
  const auto blocking = store().watch(
      "other", [&](const FolderChange&) { const std::lock_guard lock(stop_the_thread); });
  const fs::path first = root() / "other/1";
  const fs::path second = root() / "other/2";
  write(first, "x");
  write(second, "x");
  // Alternately, since equal events in a row are merged; and some are read before the thread
  // stops.
  for (std::size_t i = 0; i < most + 10'000; ++i) {
    fs::permissions(i % 2 == 0 ? first : second, fs::perms::owner_all);
  }
  write(root() / "org/a.tgz", "x");
  EXPECT_FALSE(watch().up_to_date());
  stopped.unlock();
  EXPECT_THAT(changes(), Contains("(everything)"));
  write(root() / "org/b.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
}

TEST_F(FolderWatcherTest, is_never_called_up_to_date_before_the_callback_was_called) {
  shell("mkdir org other");
  std::atomic<int> calls = 0;
  const auto watched = store().watch("org", [&](const FolderChange&) { ++calls; });
  const auto noise = store().watch("other", [](const FolderChange&) {});
  ASSERT_TRUE(watched && noise);
  std::atomic<bool> done = false;
  std::jthread others([&] {
    for (int i = 0; !done; ++i) {
      write(root() / "other" / std::to_string(i % 50), "x");
      if (i % 8 == 0) std::this_thread::yield();
    }
  });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  int rounds = 0;
  while (std::chrono::steady_clock::now() < end) {
    const int before = calls;
    write(root() / "org" / std::to_string(rounds % 7), "x");
    if (rounds % 2 == 0) {
      for (int tries = 0; !watched->up_to_date(); ++tries) {
        if (tries == 10'000) run_task(watched->caught_up());
        if (tries == 10'000) break;
      }
    } else {
      run_task(watched->caught_up());
    }
    ASSERT_GT(calls, before) << "in round " << rounds;
    ++rounds;
    // Let an event of the last round that was told late not count for the next one.
    run_task(watched->caught_up());
  }
  done = true;
  EXPECT_GT(rounds, 0);
}

}  // namespace
}  // namespace chartmuseum::storage
