// SPDX-License-Identifier: Apache-2.0
#include "chart/package_start.hpp"

#include "chart/package.hpp"
#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace chartmuseum::chart {
namespace {

using testing::chart_yaml;
using testing::package;

/// Text that cannot be made much smaller.
std::string noise(std::size_t size) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('!' + random() % 90);
  return text;
}

const std::string kChartYaml = chart_yaml("demo", "1.2.3") + "description: of much\n";

TEST(PackageStart, tells_what_the_whole_package_does) {
  const std::string bytes = package({{"demo/Chart.yaml", kChartYaml},
                                     {"demo/values.yaml", "a: 1\n"},
                                     {"demo/templates/large.yaml", noise(300'000)}});
  const auto whole = read_package(bytes);
  ASSERT_TRUE(whole);
  EXPECT_EQ(read_metadata_of_start(std::string_view(bytes).substr(0, 10'000)), whole->metadata());
  EXPECT_EQ(read_metadata_of_start(bytes), whole->metadata());
}

TEST(PackageStart, tells_nothing_or_the_same_however_much_there_is_of_it) {
  const std::string bytes = package({{"demo/README.md", noise(3'000)},
                                     {"demo/Chart.yaml", kChartYaml + "# " + noise(2'000)},
                                     {"demo/templates/large.yaml", noise(2'000)}});
  const auto whole = read_package(bytes);
  ASSERT_TRUE(whole);
  bool told = false;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto metadata = read_metadata_of_start(std::string_view(bytes).substr(0, size));
    EXPECT_TRUE(!told || metadata) << size;  // never less from more
    if (!metadata) continue;
    told = true;
    EXPECT_EQ(*metadata, whole->metadata()) << size;
  }
  EXPECT_TRUE(told);
}

TEST(PackageStart, tells_nothing_where_the_charts_file_stands_behind_it) {
  const std::string bytes =
      package({{"demo/templates/large.yaml", noise(300'000)}, {"demo/Chart.yaml", kChartYaml}});
  EXPECT_FALSE(read_metadata_of_start(std::string_view(bytes).substr(0, 65'536)));
  EXPECT_TRUE(read_metadata_of_start(bytes));
}

TEST(PackageStart, tells_nothing_of_what_is_no_package) {
  for (const std::string& bytes :
       {std::string(), std::string("no gzip"), std::string("\x1f\x8b\x08"),
        package({{"demo/Chart.yaml", "name: [broken"}}), package({{"demo/Chart.yaml", "a: b"}}),
        package({{"../Chart.yaml", ""}}), package({{"demo/values.yaml", ""}})}) {
    EXPECT_FALSE(read_metadata_of_start(bytes));
  }
}

TEST(PackageStart, is_a_claim_that_what_follows_may_belie) {
  const std::string bytes = package(
      {{"demo/Chart.yaml", kChartYaml},
       {"demo/requirements.yaml", "dependencies: [{name: a, version: 1, repository: b}]\n"}});
  const auto whole = read_package(bytes);
  ASSERT_TRUE(whole);
  const auto claimed = read_metadata_of_start(bytes);
  ASSERT_TRUE(claimed);
  EXPECT_NE(*claimed, whole->metadata());
}

}  // namespace
}  // namespace chartmuseum::chart
