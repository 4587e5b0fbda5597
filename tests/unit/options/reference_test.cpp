// SPDX-License-Identifier: Apache-2.0
#include "options/help.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace chartmuseum::options {
namespace {

constexpr std::string_view kBegin = "<!-- begin: written from the table of options -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + std::string(text) + "`";
}

std::string flag_cell(const Option& option) {
  const std::string letter = option.letter.empty() ? "" : "`-" + std::string(option.letter) + "`, ";
  return letter + code("--" + std::string(option.flag));
}

std::string help_cell(const Option& option) {
  const auto* later = std::get_if<NotYet>(&option.effect);
  const bool refused = later != nullptr || option.flag == "cache";
  return (refused ? "*Not yet.* " : "") + std::string(option.help);
}

/// The tables of docs/options.md, one for each theme.
std::string tables() {
  std::string text;
  std::optional<Theme> theme;
  for (const Option& option : option_table()) {
    if (theme != option.theme) {
      theme = option.theme;
      text += "\n## " + std::string(heading(*theme)) +
              "\n\n| flag | variable | key in the file | type | default | what it does |\n"
              "| --- | --- | --- | --- | --- | --- |\n";
    }
    static constexpr std::string_view kTypes[] = {"boolean", "number", "duration", "text",
                                                  "key=value"};
    text += "| " + flag_cell(option) + " | " + code(option.variable) + " | " + code(option.key) +
            " | " + std::string(kTypes[static_cast<std::size_t>(option.type)]) + " | " +
            code(option.default_value) + " | " + help_cell(option) + " |\n";
  }
  return text + '\n';
}

/// UPDATE_DOCS=1 writes the page anew instead of comparing.
TEST(Reference, says_what_the_table_says) {
  const std::filesystem::path path =
      std::filesystem::path(CHARTMUSEUM_SOURCE_DIR) / "docs/options.md";
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path;
  std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t inside = begin + kBegin.size();
  if (std::getenv("UPDATE_DOCS") != nullptr) {
    std::ofstream(path, std::ios::binary) << page.replace(inside, end - inside, tables());
    return;
  }
  EXPECT_EQ(page.substr(inside, end - inside), tables())
      << "docs/options.md is out of date: run this test with UPDATE_DOCS=1";
}

}  // namespace
}  // namespace chartmuseum::options
