// SPDX-License-Identifier: Apache-2.0
// Links: what they lead to is as much a part of a folder as what is in it.
#include "unit/storage/folder_watcher_fixture.hpp"
#include "unit/storage/in_child.hpp"

#include <atomic>
#include <sched.h>
#include <unistd.h>

namespace chartmuseum::storage {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FolderWatcherTest, sees_what_happens_to_the_target_of_a_link) {
  write(outside() / "target", "bytes");
  fs::create_symlink(outside() / "target", root() / "a.tgz");
  watch("");
  shell("echo other > ../outside/target");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("echo third > ../outside/new && mv ../outside/new ../outside/target");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("echo unrelated > ../outside/other");
  EXPECT_THAT(changes(), IsEmpty());
  shell("rm ../outside/target");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("echo back > ../outside/target");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("mv ../outside ../elsewhere");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("mv ../elsewhere ../outside");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
}

TEST_F(FolderWatcherTest, follows_a_link_that_comes_while_it_watches) {
  watch("");
  shell("ln -s ../outside/target a.tgz");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  write(outside() / "target", "x");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("ln -sfn ../outside/other a.tgz");
  EXPECT_THAT(changes(), Contains("a.tgz"));
  write(outside() / "target", "y");
  EXPECT_THAT(changes(), IsEmpty());
  write(outside() / "other", "x");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("rm a.tgz");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  write(outside() / "other", "y");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(FolderWatcherTest, sees_a_link_on_the_way_being_turned_elsewhere) {
  // As Kubernetes mounts a ConfigMap: a.tgz -> ..data/a.tgz, ..data -> ..1, which is then swapped.
  shell(
      "mkdir ..1 ..2 && echo 1 > ..1/a.tgz && echo 2 > ..2/a.tgz && "
      "ln -s ..1 ..data && ln -s ..data/a.tgz a.tgz");
  watch("");
  shell("ln -s ..2 ..tmp && mv -T ..tmp ..data");
  EXPECT_THAT(changes(), Contains("a.tgz"));
  shell("echo 3 > ..2/a.tgz");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("echo 4 > ..1/a.tgz");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(FolderWatcherTest, watches_a_folder_that_is_a_link) {
  fs::create_directory(outside() / "one");
  fs::create_directory(outside() / "two");
  fs::create_directory_symlink(outside() / "one", root() / "org");
  watch("org");
  write(outside() / "one/a.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  shell("ln -sfn ../outside/two org");
  EXPECT_THAT(changes(), ElementsAre("(everything)"));
  write(outside() / "one/b.tgz", "x");
  EXPECT_THAT(changes(), IsEmpty());
  write(outside() / "two/c.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("c.tgz"));
}

TEST_F(FolderWatcherTest, bears_links_that_loop_and_links_to_folders) {
  fs::create_symlink("b.tgz", root() / "a.tgz");
  fs::create_symlink("a.tgz", root() / "b.tgz");
  fs::create_directory_symlink(root(), root() / "self.tgz");
  fs::create_symlink("/proc/self/fd/0", root() / "odd.tgz");
  watch("");
  shell("rm b.tgz && echo x > b.tgz");
  EXPECT_THAT(changes(), ElementsAre("a.tgz", "b.tgz"));
}

TEST_F(FolderWatcherTest, shares_a_place_between_two_paths_that_lead_there) {
  shell("mkdir org && ln -s org alias");
  watch("org");
  std::atomic<int> calls = 0;
  auto alias = store().watch("alias", [&](const FolderChange&) { ++calls; });
  ASSERT_TRUE(alias);
  write(root() / "org/a.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("a.tgz"));
  EXPECT_GT(calls, 0);
  alias.reset();
  write(root() / "org/b.tgz", "x");
  EXPECT_THAT(changes(), ElementsAre("b.tgz"));
}

/// Lowers the number of inotify watches that this process may have, in a user namespace of its
/// own.
bool limit_watches(int most) {
  static const bool separated = ::unshare(CLONE_NEWUSER) == 0;
  std::ofstream limit("/proc/sys/user/max_inotify_watches");
  limit << most << std::flush;
  return separated && limit.good();
}

TEST(FolderWatcherLimit, says_once_which_limit_to_raise) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  const std::string outcome = in_child([&]() -> std::string {
    if (!limit_watches(1)) return "(not here)";
    std::vector<std::string> lines;
    FolderWatcher watcher(folder.path(), telemetry::Log::to({}, [&](std::string_view line) {
                            lines.emplace_back(line);
                          }));
    const auto first = watcher.watch(folder.path(), [](const FolderChange&) {});
    const auto second = watcher.watch(folder.path(), [](const FolderChange&) {});
    return std::string(first || second ? "watched" : "null") + " " + std::to_string(lines.size()) +
           (lines[0].find("fs.inotify.max_user_watches") != std::string::npos ? " helpful" : "");
  });
  if (outcome == "(not here)") GTEST_SKIP() << "the limit cannot be lowered here";
  EXPECT_EQ(outcome, "null 1 helpful");
}

TEST(FolderWatcherLimit, declares_a_watch_lost_that_it_cannot_renew) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::all);
  const std::string outcome = in_child([&]() -> std::string {
    if (!limit_watches(100)) return "(not here)";
    const fs::path org = folder.path() / "org";
    fs::create_directory(org);
    FolderWatcher watcher(folder.path(), telemetry::Log::discarding());
    std::atomic<bool> everything = false;
    const auto watch =
        watcher.watch(org, [&](const FolderChange& change) { everything = change.everything; });
    if (!watch) return "not watched";
    if (!limit_watches(0)) return "(not here)";
    fs::rename(org, folder.path() / "old");
    fs::create_directory(org);
    run_task(watch->caught_up());
    return std::string(everything ? "told" : "untold") + (watch->alive() ? " alive" : " lost") +
           (watch->up_to_date() ? " up to date" : "");
  });
  if (outcome == "(not here)") GTEST_SKIP() << "the limit cannot be lowered here";
  EXPECT_EQ(outcome, "told lost");
}

}  // namespace
}  // namespace chartmuseum::storage
