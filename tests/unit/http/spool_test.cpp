// SPDX-License-Identifier: Apache-2.0
#include "http/spool.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
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

TEST(Spool, keeps_little_in_memory) {
  Spool spool(10);
  EXPECT_EQ(spool.view(), "");
  EXPECT_TRUE(spool.append("12345"));
  EXPECT_TRUE(spool.append("67890"));
  EXPECT_TRUE(spool.in_memory());
  EXPECT_EQ(spool.view(), "1234567890");
}

TEST(Spool, moves_to_a_file_beyond_that) {
  Spool spool(10);
  EXPECT_TRUE(spool.append("1234567890"));
  EXPECT_TRUE(spool.append("x"));
  EXPECT_FALSE(spool.in_memory());
  EXPECT_EQ(spool.view(), "1234567890x");
  EXPECT_TRUE(spool.append(std::string(100'000, 'y')));
  EXPECT_EQ(spool.size(), 100'011U);
  EXPECT_EQ(spool.view(), "1234567890x" + std::string(100'000, 'y'));
}

TEST(Spool, survives_being_moved) {
  Spool spool(1);
  EXPECT_TRUE(spool.append("12345"));
  const Spool other = std::move(spool);
  EXPECT_EQ(other.view(), "12345");
}

TEST(Spool, tells_when_the_file_cannot_be_written) {
  const TemporaryFolder nowhere("/proc");
  Spool spool(4);
  EXPECT_TRUE(spool.append("1234"));
  EXPECT_FALSE(spool.append("5"));
}

}  // namespace
}  // namespace chartmuseum::http
