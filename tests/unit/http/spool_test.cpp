// SPDX-License-Identifier: Apache-2.0
#include "http/spool.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace chartmuseum::http {
namespace {

/// Points TMPDIR elsewhere for as long as it lives.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const char* folder) { ::setenv("TMPDIR", folder, 1); }
  ~TemporaryFolder() { ::unsetenv("TMPDIR"); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

SpoolMemory memory(std::uint64_t own, std::uint64_t shared = 1 << 20) {
  return {.own = own, .shared = std::make_shared<MemoryBudget>(shared)};
}

TEST(Spool, keeps_little_in_memory) {
  Spool spool(memory(10));
  EXPECT_EQ(spool.view(), "");
  EXPECT_TRUE(spool.append("12345"));
  EXPECT_TRUE(spool.append("67890"));
  EXPECT_TRUE(spool.in_memory());
  EXPECT_EQ(spool.view(), "1234567890");
}

TEST(Spool, moves_to_a_file_beyond_that) {
  Spool spool(memory(10));
  EXPECT_TRUE(spool.append("1234567890"));
  EXPECT_TRUE(spool.append("x"));
  EXPECT_FALSE(spool.in_memory());
  EXPECT_EQ(spool.view(), "1234567890x");
  EXPECT_TRUE(spool.append(std::string(100'000, 'y')));
  EXPECT_EQ(spool.size(), 100'011U);
  EXPECT_EQ(spool.view(), "1234567890x" + std::string(100'000, 'y'));
}

TEST(Spool, survives_being_moved) {
  Spool spool(memory(1));
  EXPECT_TRUE(spool.append("12345"));
  const Spool other = std::move(spool);
  EXPECT_EQ(other.view(), "12345");
}

TEST(Spool, moves_to_a_file_when_others_have_used_up_the_memory) {
  const SpoolMemory shared = memory(100, 150);
  Spool first(shared);
  EXPECT_TRUE(first.append(std::string(100, 'a')));
  Spool second(shared);
  EXPECT_TRUE(second.append(std::string(50, 'b')));
  EXPECT_TRUE(first.in_memory() && second.in_memory());
  EXPECT_TRUE(second.append("c"));
  EXPECT_FALSE(second.in_memory());
  EXPECT_EQ(second.view(), std::string(50, 'b') + 'c');
  EXPECT_EQ(shared.shared->left(), 50U) << "what is in the file is not in memory";
}

TEST(Spool, gives_its_memory_back_when_it_goes) {
  const SpoolMemory shared = memory(100, 100);
  {
    Spool spool(shared);
    EXPECT_TRUE(spool.append("12345"));
    const Spool moved = std::move(spool);
    EXPECT_EQ(shared.shared->left(), 95U);
  }
  EXPECT_EQ(shared.shared->left(), 100U);
}

TEST(Spool, tells_when_the_file_cannot_be_written) {
  const TemporaryFolder nowhere("/proc");
  Spool spool(memory(4));
  EXPECT_TRUE(spool.append("1234"));
  EXPECT_FALSE(spool.append("5"));
}

}  // namespace
}  // namespace chartmuseum::http
