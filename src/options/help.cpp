// SPDX-License-Identifier: Apache-2.0
#include "options/help.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace chartmuseum::options {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kColumn = 36;  // where descriptions begin

constexpr std::string_view kIntroduction =
    "ChartMuseum " CHARTMUSEUM_VERSION
    R"(: a Helm chart repository server on a folder or a bucket of packages.

Usage:
  chartmuseum --storage-local-rootdir=<folder> [options]
  chartmuseum --storage=<cloud> --storage-<cloud>-... [options]

Every option may also be given by the environment variable in brackets, or in a YAML file
(--config). A flag beats the variable, the variable beats the file, and the file beats the default.
)";

constexpr std::string_view kEnd = R"(
Other:
  -h, --help                        Print this.
  -v, --version                     Print the version.

Examples:
  Serve the packages in ./chartstorage at http://localhost:8080:
    chartmuseum --storage-local-rootdir=./chartstorage

  Give every team a repository of its own, http://localhost:8080/<team>, with JSON logs:
    chartmuseum --storage-local-rootdir=/srv/charts --depth=1 --log-json

  Serve below https://example.com/charts, behind a proxy, read-only:
    chartmuseum --storage-local-rootdir=/srv/charts --context-path=/charts \
      --chart-url=https://example.com --disable-api

  Serve what is in a bucket of S3, with the credentials that Amazon's own clients find:
    chartmuseum --storage=amazon --storage-amazon-bucket=charts \
      --storage-amazon-region=eu-central-1

  Then, with Helm:
    helm repo add museum http://localhost:8080
    curl --data-binary @mychart-1.0.0.tgz http://localhost:8080/api/charts
    helm repo update && helm install my museum/mychart
)";

/// Breaks `text` between words so that it fits beside the flags' column.
void append_description(std::string& out, std::string_view text) {
  std::size_t column = kColumn;
  bool first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!first && column + 1 + word.size() > kWidth) {
      out += '\n';
      out.append(kColumn, ' ');
      column = kColumn;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

void append_option(std::string& out, const Option& option) {
  std::string left = "  ";
  if (!option.letter.empty()) left.append("-").append(option.letter).append(", ");
  left.append("--").append(option.flag);
  if (!option.placeholder.empty()) left.append("=").append(option.placeholder);
  out += left;
  if (left.size() + 2 > kColumn) {
    out += '\n';
    left.clear();
  }
  out.append(kColumn - left.size(), ' ');
  std::string text(option.help);
  if (!option.default_value.empty() && option.type != Type::boolean) {
    text.append(" Default: ").append(option.default_value).append(".");
  }
  append_description(out, text.append(" [").append(option.variable).append("]"));
}

bool available(const Option& option) {
  return !std::holds_alternative<NotYet>(option.effect) && option.theme != Theme::cache;
}

void append_theme(std::string& out, Theme theme) {
  bool first = true;
  for (const Option& option : option_table()) {
    if (option.theme != theme || !available(option)) continue;
    if (std::exchange(first, false)) out.append("\n").append(heading(theme)).append(":\n");
    append_option(out, option);
  }
}

/// "--tls-key", or for the many options of a cloud backend "--storage-amazon-*".
std::string later_flag(const Option& option) {
  const std::size_t length = option.theme == Theme::cloud
                                 ? option.flag.find('-', option.flag.find('-') + 1) + 1
                                 : option.flag.size();
  const std::string flag = "--" + std::string(option.flag.substr(0, length));
  return option.theme == Theme::cloud ? flag + '*' : flag;
}

/// The features to come, each with its options, by name only.
void append_later(std::string& out) {
  out += "\nNot in this version yet, and refused when they are set:\n";
  std::vector<std::pair<std::string_view, std::string>> themes;
  for (const Option& option : option_table()) {
    if (available(option)) continue;
    const std::string_view title = heading(option.theme);
    if (themes.empty() || themes.back().first != title) themes.emplace_back(title, "");
    std::string& flags = themes.back().second;
    const std::string flag = later_flag(option);
    if (flags.ends_with(flag)) continue;
    flags.append(flags.empty() ? "" : " ").append(flag);
  }
  for (const auto& [title, flags] : themes) {
    out.append("  ").append(title);
    out.append(kColumn - 2 - title.size(), ' ');
    append_description(out, flags);
  }
}

}  // namespace

std::string_view heading(Theme theme) {
  switch (theme) {
    case Theme::server:
      return "Server";
    case Theme::storage:
      return "Storage";
    case Theme::tenants:
      return "Repositories";
    case Theme::pushing:
      return "Pushing and deleting";
    case Theme::index:
      return "Index";
    case Theme::logging:
      return "Logging";
    case Theme::metrics:
      return "Metrics";
    case Theme::access:
      return "Access";
    case Theme::cloud:
      return "Cloud storage";
    case Theme::cache:
      return "Shared cache";
  }
  return "";
}

std::string help_text() {
  static constexpr std::array kThemes{Theme::storage, Theme::cloud,   Theme::server,
                                      Theme::tenants, Theme::pushing, Theme::index,
                                      Theme::access,  Theme::logging, Theme::metrics};
  std::string out(kIntroduction);
  for (const Theme theme : kThemes) append_theme(out, theme);
  append_later(out);
  return out.append(kEnd);
}

std::string version_text() {
  return "ChartMuseum version " CHARTMUSEUM_VERSION "\n";
}

}  // namespace chartmuseum::options
