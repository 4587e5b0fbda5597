// SPDX-License-Identifier: Apache-2.0
// What the local store does on a machine that is full, read-only or broken. Each test runs in a
// child process of its own, which breaks the machine for itself only.
#include "base/worker_pool.hpp"
#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/local_store.hpp"
#include "support/failure_name.hpp"
#include "unit/storage/in_child.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <vector>

namespace chartmuseum::storage {
namespace {

namespace fs = std::filesystem;

template <class T>
std::string outcome_of(const Result<T>& result) {
  return result ? "done" : name_of(result.error().kind);
}

class LocalStoreFaults : public testing::Test {
 protected:
  LocalStoreFaults() {
    root_ = folder_.path() / "root";
    fs::create_directory(root_);
    fs::permissions(folder_.path(), fs::perms::all);
  }

  [[nodiscard]] const fs::path& root() const { return root_; }

  /// In a child that has been prepared by `prepare` (false: it cannot be, and the test is
  /// skipped), what `work` says about a store.
  std::string with_store(const std::function<bool()>& prepare,
                         const std::function<std::string(ObjectStore&)>& work) {
    return in_child([&]() -> std::string {
      if (!prepare()) return "(not here)";
      WorkerPool workers(4);
      const auto store = make_local_store({.root = root_}, workers, telemetry::Log::discarding());
      return work(*store);
    });
  }

  static std::string put(ObjectStore& store, const std::string& key, const std::string& bytes,
                         PutCondition condition = PutCondition::create_only) {
    return outcome_of(run_task(store.put(key, bytes, condition)));
  }

  [[nodiscard]] std::string entries() const {
    std::string names;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      names += " " + entry.path().filename().native();
    }
    return names;
  }

 private:
  TemporaryFolder folder_;
  fs::path root_;
};

#define SKIP_UNLESS_POSSIBLE(outcome) \
  if ((outcome) == "(not here)") GTEST_SKIP() << "this system does not let the test do that"

TEST_F(LocalStoreFaults, says_denied_where_it_may_not_write) {
  fs::permissions(root(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  const std::string outcome = with_store(become_nobody, [](ObjectStore& store) {
    return put(store, "a", "x") + " " + put(store, "org/a", "x");
  });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "denied denied");
}

TEST_F(LocalStoreFaults, says_denied_where_it_may_not_read) {
  std::ofstream(root() / "a") << "x";
  fs::permissions(root() / "a", fs::perms::none);
  fs::create_directory(root() / "org");
  fs::permissions(root() / "org", fs::perms::none);
  fs::permissions(root(), fs::perms::all);
  const std::string outcome = with_store(become_nobody, [](ObjectStore& store) {
    return outcome_of(run_task(store.get("a", 10))) + " " + outcome_of(run_task(store.open("a"))) +
           " " + outcome_of(run_task(store.list("org"))) + " " +
           outcome_of(run_task(store.get("org/a", 10)));
  });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "denied denied denied denied");
}

TEST_F(LocalStoreFaults, says_denied_on_a_read_only_file_system) {
  const std::string outcome =
      with_store([&] { return have_own_mounts() && mount_memory(root(), "size=1m", true); },
                 [](ObjectStore& store) {
                   return put(store, "a", "x") + " " + put(store, "org/a", "x") + " " +
                          outcome_of(run_task(store.list("")));
                 });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "denied denied done");
}

TEST_F(LocalStoreFaults, says_full_on_a_full_disk_and_leaves_nothing_behind) {
  const std::string outcome = with_store(
      [&] { return have_own_mounts() && mount_memory(root(), "size=256k"); },
      [this](ObjectStore& store) {
        std::string said = put(store, "small", std::string(10'000, 's'));
        said += " " + put(store, "large", std::string(1'000'000, 'l'));
        said += " " + put(store, "small", std::string(1'000'000, 'l'), PutCondition::overwrite);
        said += " " + put(store, "other", std::string(10'000, 'o'));
        const auto small = run_task(store.get("small", 1'000'000));
        said += small && *small && (*small)->bytes == std::string(10'000, 's') ? " whole" : " lost";
        fs::remove(root() / "other");
        return said + entries();
      });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "done full full done whole small");
}

TEST_F(LocalStoreFaults, says_full_where_no_more_files_fit) {
  const std::string outcome =
      with_store([&] { return have_own_mounts() && mount_memory(root(), "nr_inodes=3"); },
                 [this](ObjectStore& store) {
                   std::string said;
                   for (const char* key : {"a", "b", "c", "org/a"})
                     said += put(store, key, "x") + " ";
                   return said + entries();
                 });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_TRUE(outcome.starts_with("done done full full ")) << outcome;
}

TEST_F(LocalStoreFaults, acknowledges_nothing_that_the_disk_does_not_confirm) {
  std::ofstream(root() / "old") << "old";
  const std::string outcome = with_store([] { return break_system_call(SYS_fsync, EIO); },
                                         [](ObjectStore& store) {
                                           return put(store, "new", "x") + " " +
                                                  put(store, "org/new", "x") + " " +
                                                  put(store, "old", "x", PutCondition::overwrite) +
                                                  " " + outcome_of(run_task(store.remove("old")));
                                         });
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "unavailable unavailable unavailable unavailable");
  EXPECT_EQ(entries(), " org");
}

/// Many creators of the same keys, and what came of it.
std::string race(ObjectStore& store) {
  std::string said;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> outcomes(8);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      threads.emplace_back([&, i] {
        outcomes[i] = outcome_of(run_task(store.put("org/" + std::to_string(round),
                                                    std::to_string(i), PutCondition::create_only)));
      });
    }
    threads.clear();
    const auto won = std::count(outcomes.begin(), outcomes.end(), "done");
    const auto lost = std::count(outcomes.begin(), outcomes.end(), "conflict");
    if (won != 1 || lost != 7) said += "round " + std::to_string(round) + ": " + outcomes[0];
  }
  const auto listed = run_task(store.list("org"));
  return said + (listed ? std::to_string(listed->size()) : "unlisted");
}

TEST_F(LocalStoreFaults, creates_atomically_where_rename_knows_no_flags) {
  const std::string outcome =
      with_store([] { return break_system_call(SYS_renameat2, EINVAL, 4); }, race);
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "20");
  EXPECT_EQ(std::count(outcome.begin(), outcome.end(), '.'), 0);
  EXPECT_THAT(entries(), testing::Not(testing::HasSubstr(".part")));
}

TEST_F(LocalStoreFaults, creates_atomically_where_there_are_no_hard_links_either) {
  const std::string outcome = with_store(
      [] {
        return break_system_call(SYS_renameat2, EINVAL, 4) && break_system_call(SYS_linkat, EPERM);
      },
      race);
  SKIP_UNLESS_POSSIBLE(outcome);
  EXPECT_EQ(outcome, "20");
  EXPECT_THAT(entries(), testing::Not(testing::HasSubstr(".part")));
}

}  // namespace
}  // namespace chartmuseum::storage
