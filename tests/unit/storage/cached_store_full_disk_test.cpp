// SPDX-License-Identifier: Apache-2.0
// The cache's folder on a disk that is full or broken. Each test runs in a child process of its
// own, which breaks the machine for itself only.
#include "base/worker_pool.hpp"
#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/cached_store.hpp"
#include "storage/memory_store.hpp"
#include "unit/storage/in_child.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <sys/syscall.h>

namespace chartmuseum::storage {
namespace {

/// What is read of an object of 300,000 bytes, twice, through a cache with the folder alone.
std::string read_twice(const std::string& folder) {
  const std::string bytes(300'000, 'x');
  auto bucket = std::make_shared<MemoryStore>();
  bucket->place("a", bytes);
  bucket->open_as_streams(10'000);
  WorkerPool workers(2);
  CachedStore store({.memory = 0, .folder = folder + "/cache"}, bucket, workers,
                    telemetry::Log::discarding());
  std::string outcome;
  for (int i = 0; i < 2; ++i) {
    const auto object = run_task(store.open("a"));
    if (!object || !*object) return "(not opened)";
    auto* stream = std::get_if<std::shared_ptr<ObjectStream>>(&(*object)->content);
    if (stream == nullptr) return "(kept)";
    std::string all;
    for (;;) {
      auto piece = run_task((*stream)->next());
      if (!piece) return "(" + piece.error().detail + ")";
      if (piece->empty()) break;
      all += *piece;
    }
    outcome += all == bytes ? "whole " : "different ";
  }
  return outcome;
}

TEST(CachedStoreOnABadDisk, fetches_what_does_not_fit_on_a_full_one) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  const std::string outcome = in_child([&]() -> std::string {
    if (!have_own_mounts() || !mount_memory(path, "size=100k")) return "(no mounts)";
    return read_twice(path);
  });
  if (outcome == "(no mounts)") GTEST_SKIP() << "no mounts of our own here";
  EXPECT_EQ(outcome, "whole whole ");
}

TEST(CachedStoreOnABadDisk, goes_on_with_a_fetch_whose_file_cannot_be_read_again) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  const std::string outcome = in_child([&]() -> std::string {
    if (!break_system_call(SYS_pread64, EIO)) return "(no filter)";
    return read_twice(path);
  });
  if (outcome == "(no filter)") GTEST_SKIP() << "system calls cannot be broken here";
  EXPECT_EQ(outcome, "whole whole ");
}

}  // namespace
}  // namespace chartmuseum::storage
