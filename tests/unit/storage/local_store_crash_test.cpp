// SPDX-License-Identifier: Apache-2.0
#include "base/file_descriptor.hpp"
#include "base/worker_pool.hpp"
#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/local_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <signal.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chartmuseum::storage {
namespace {

/// What an object of this name holds in its nth version: known from its first bytes.
std::string content(const std::string& name, int version) {
  std::string bytes = name + " " + std::to_string(version) + "\n";
  while (bytes.size() < 50'000) bytes += bytes;
  return bytes;
}

/// Writes without end: some threads new objects, some the same one again and again. Tells the
/// name and version of each that was acknowledged.
[[noreturn]] void write_without_end(const std::filesystem::path& root, int round, int tell) {
  WorkerPool workers(4);
  const auto store = make_local_store({.root = root}, workers, telemetry::Log::discarding());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0;; ++i) {
        const bool again = thread % 2 == 1;
        const std::string name =
            again ? "same-" + std::to_string(thread)
                  : std::to_string(round) + "-" + std::to_string(thread) + "-" + std::to_string(i);
        const int version = again ? round * 1'000'000 + i : 0;
        const std::string bytes = content(name, version);
        if (!run_task(store->put("org/" + name, bytes,
                                 again ? PutCondition::overwrite : PutCondition::create_only))) {
          ::_exit(2);
        }
        const std::string line = name + " " + std::to_string(version) + "\n";
        if (::write(tell, line.data(), line.size()) < 0) ::_exit(3);
      }
    });
  }
  ::pause();
  ::_exit(4);
}

TEST(LocalStoreCrash, loses_nothing_acknowledged_and_leaves_nothing_half_written) {
  const TemporaryFolder folder;
  std::map<std::string, int> acknowledged;  // the last version
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      write_without_end(folder.path(), round, ends[1]);
    }
    ::close(ends[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + 7 * round));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    std::string told;
    char piece[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;) {
      told.append(piece, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);
    std::istringstream lines(told);
    for (std::string name, version; lines >> name >> version;) {
      acknowledged[name] = std::stoi(version);
    }
  }
  ASSERT_FALSE(acknowledged.empty());

  WorkerPool workers(2);
  const auto store =
      make_local_store({.root = folder.path()}, workers, telemetry::Log::discarding());
  const auto listed = run_task(store->list("org"));
  ASSERT_TRUE(listed);
  std::set<std::string> present;
  for (const ObjectInfo& object : *listed) {
    present.insert(object.name);
    const auto got = run_task(store->get("org/" + object.name, 1 << 30));
    ASSERT_TRUE(got && *got) << object.name;
    std::istringstream first((*got)->bytes);
    std::string name;
    int version = -1;
    first >> name >> version;
    EXPECT_EQ(name, object.name);
    EXPECT_TRUE((*got)->bytes == content(name, version)) << object.name;
    if (const auto last = acknowledged.find(name); last != acknowledged.end()) {
      EXPECT_GE(version, last->second) << name;
    }
  }
  for (const auto& [name, version] : acknowledged) EXPECT_TRUE(present.contains(name)) << name;
}

}  // namespace
}  // namespace chartmuseum::storage
