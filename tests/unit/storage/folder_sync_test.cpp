// SPDX-License-Identifier: Apache-2.0
#include "storage/folder_sync.hpp"

#include "base/file_descriptor.hpp"
#include "conformance/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chartmuseum::storage {
namespace {

TEST(FolderSync, syncs_a_folder_for_each_who_asks_alone) {
  const TemporaryFolder folder;
  const FileDescriptor open(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  FolderSync sync;
  EXPECT_EQ(sync.sync(open.get()), 0);
  EXPECT_EQ(sync.sync(open.get()), 0);
  EXPECT_EQ(sync.count(), 2U);
}

TEST(FolderSync, shares_one_fsync_between_those_who_ask_meanwhile) {
  const TemporaryFolder folder;
  FolderSync sync;
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const FileDescriptor open(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
      for (int round = 0; round < 100; ++round) {
        const FileDescriptor file(
            ::openat(open.get(), std::to_string(round).c_str(), O_CREAT | O_WRONLY, 0644));
        if (sync.sync(open.get()) == 0) ++done;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(done, 1600);
  EXPECT_GE(sync.count(), 100U);  // each thread's own rounds cannot share
  EXPECT_LT(sync.count(), 1600U);
}

TEST(FolderSync, says_when_the_disk_could_not) {
  FolderSync sync;
  EXPECT_EQ(sync.sync(-1), EBADF);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const FileDescriptor reading(ends[0]);
  const FileDescriptor writing(ends[1]);
  EXPECT_EQ(sync.sync(reading.get()), EINVAL);  // a pipe cannot be synced
}

}  // namespace
}  // namespace chartmuseum::storage
