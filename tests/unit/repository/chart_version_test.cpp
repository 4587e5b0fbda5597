// SPDX-License-Identifier: Apache-2.0
#include "repository/chart_version.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

TEST(ChartVersion, keeps_name_version_and_file_name_whether_or_not_they_fit_together) {
  const std::string file_names[] = {"demo-1.0.0.tgz", "something else.tgz", "demo-1.0.0.tar"};
  for (const std::string& file_name : file_names) {
    const auto version = ChartVersion::make("demo", "1.0.0", file_name, {}, {}, {});
    ASSERT_TRUE(version);
    EXPECT_EQ(version->name, "demo");
    EXPECT_EQ(version->version, "1.0.0");
    EXPECT_EQ(version->file_name, file_name);
  }
}

TEST(ChartVersion, is_not_made_of_what_is_no_version) {
  EXPECT_FALSE(ChartVersion::make("demo", "one", "demo-one.tgz", {}, {}, {}));
}

TEST(ChartVersion, orders_by_precedence_and_where_that_is_equal_by_text) {
  std::vector<ChartVersionPointer> versions;
  for (const char* text :
       {"1.0", "1.0.0+b", "1.0.0-rc.2", "v2", "1.0.0", "1.0.0-rc.10", "1.0.0+a"}) {
    versions.push_back(ChartVersion::make("demo", text, "demo.tgz", {}, {}, {}));
  }
  std::ranges::sort(versions,
                    [](const auto& left, const auto& right) { return newer(*left, *right); });
  std::vector<std::string> texts;
  for (const auto& version : versions) texts.emplace_back(version->version);
  EXPECT_EQ(texts, (std::vector<std::string>{"v2", "1.0", "1.0.0", "1.0.0+a", "1.0.0+b",
                                             "1.0.0-rc.10", "1.0.0-rc.2"}));
}

}  // namespace
}  // namespace chartmuseum::repository
