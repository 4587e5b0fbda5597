// SPDX-License-Identifier: Apache-2.0
#include "options/help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace chartmuseum::options {
namespace {

using testing::HasSubstr;

TEST(Help, fits_a_hundred_columns) {
  const std::string help = help_text();
  std::string_view rest = help;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Help, shows_every_option_that_works_with_its_variable_and_default) {
  const std::string help = help_text();
  for (const Option& option : option_table()) {
    if (std::holds_alternative<NotYet>(option.effect) || option.theme == Theme::cache) continue;
    const std::string flag = "--" + std::string(option.flag);
    const std::size_t begin = std::min(
        help.find("\n  " + flag), help.find("\n  -" + std::string(option.letter) + ", " + flag));
    ASSERT_NE(begin, std::string::npos) << option.flag;
    const std::size_t end = help.find("\n  -", begin + 1);
    const std::string entry = help.substr(begin, end - begin);
    EXPECT_THAT(entry, HasSubstr("[" + std::string(option.variable) + "]"));
    if (option.type != Type::boolean && !option.default_value.empty()) {
      EXPECT_THAT(entry, HasSubstr(std::string(option.default_value) + "."));
    }
  }
}

TEST(Help, names_what_is_refused) {
  const std::string help = help_text();
  for (const char* flag :
       {"--enable-metrics", "--cache-redis-addr", "--storage-oracle-*", "--storage-tencent-*"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
}

TEST(Help, has_a_heading_for_every_theme) {
  for (const Option& option : option_table()) EXPECT_NE(heading(option.theme), "") << option.flag;
}

TEST(Version, is_printed_as_the_go_server_does) {
  EXPECT_EQ(version_text(), "ChartMuseum version " CHARTMUSEUM_VERSION "\n");
}

}  // namespace
}  // namespace chartmuseum::options
