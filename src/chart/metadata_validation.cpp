// SPDX-License-Identifier: Apache-2.0
#include "chart/metadata_validation.hpp"

#include "chart/metadata_extent.hpp"
#include "chart/text_sanitizer.hpp"
#include "chart/version.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chartmuseum::chart {
namespace {

using Problem = std::optional<std::string>;

template <class T>
std::vector<T> taken(DecodedList<T>& list) {
  list.items.resize(list.size);
  return std::move(list.items);
}

void sanitize_all(std::vector<std::string>& texts) {
  for (std::string& text : texts) sanitize(text);
}

bool is_alias(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Problem check_identity(const Metadata& metadata) {
  const std::string& name = metadata.name;
  if (metadata.api_version.empty()) return "chart.metadata.apiVersion is required";
  if (name.empty()) return "chart.metadata.name is required";
  if (name == "." || name == "..") return "chart.metadata.name " + quote(name) + " is not allowed";
  // Helm lets "/" alone pass; it cannot be a file name either.
  if (name.contains('/')) return "chart.metadata.name " + quote(name) + " is invalid";
  if (metadata.version.empty()) return "chart.metadata.version is required";
  if (!Version::parse(metadata.version)) {
    return "chart.metadata.version " + quote(metadata.version) + " is invalid";
  }
  if (!metadata.type.empty() && metadata.type != "application" && metadata.type != "library") {
    return "chart.metadata.type must be application or library";
  }
  return std::nullopt;
}

Problem take_maintainers(DecodedMetadata& decoded, std::vector<Maintainer>& maintainers) {
  for (auto& maintainer : taken(decoded.maintainers)) {
    if (!maintainer) return "maintainers must not contain empty or null nodes";
    sanitize(maintainer->name);
    sanitize(maintainer->email);
    sanitize(maintainer->url);
    maintainers.push_back(*std::move(maintainer));
  }
  return std::nullopt;
}

Dependency cleaned(DecodedDependency&& decoded) {
  Dependency dependency{
      .name = std::move(decoded.name),
      .version = std::move(decoded.version),
      .repository = std::move(decoded.repository),
      .condition = std::move(decoded.condition),
      .tags = taken(decoded.tags),
      .enabled = decoded.enabled,
      .import_values = taken(decoded.import_values),
      .alias = std::move(decoded.alias),
  };
  sanitize(dependency.name);
  sanitize(dependency.version);
  sanitize(dependency.repository);
  sanitize(dependency.condition);
  sanitize_all(dependency.tags);
  return dependency;
}

Problem take_dependencies(DecodedMetadata& decoded, std::vector<Dependency>& dependencies) {
  std::set<std::string> names;
  for (auto& item : taken(decoded.dependencies)) {
    if (!item) return "dependencies must not contain empty or null nodes";
    Dependency dependency = cleaned(*std::move(item));
    if (!is_alias(dependency.alias)) {
      return "dependency " + quote(dependency.name) + " has disallowed characters in the alias";
    }
    const std::string& name = dependency.alias.empty() ? dependency.name : dependency.alias;
    if (!names.insert(name).second) {
      return "more than one dependency with name or alias " + quote(name);
    }
    dependencies.push_back(std::move(dependency));
  }
  return std::nullopt;
}

}  // namespace

std::expected<Metadata, PackageError> validate_metadata(DecodedMetadata&& decoded) {
  Metadata metadata{
      .name = std::move(decoded.name),
      .home = std::move(decoded.home),
      .sources = taken(decoded.sources),
      .version = std::move(decoded.version),
      .description = std::move(decoded.description),
      .keywords = taken(decoded.keywords),
      .maintainers = {},
      .icon = std::move(decoded.icon),
      .api_version = std::move(decoded.api_version),
      .condition = std::move(decoded.condition),
      .tags = std::move(decoded.tags),
      .app_version = std::move(decoded.app_version),
      .deprecated = decoded.deprecated,
      .annotations = {std::make_move_iterator(decoded.annotations.begin()),
                      std::make_move_iterator(decoded.annotations.end())},
      .kube_version = std::move(decoded.kube_version),
      .dependencies = {},
      .type = std::move(decoded.type),
  };
  for (std::string* text :
       {&metadata.name, &metadata.description, &metadata.home, &metadata.icon, &metadata.condition,
        &metadata.tags, &metadata.app_version, &metadata.kube_version}) {
    sanitize(*text);
  }
  sanitize_all(metadata.sources);
  sanitize_all(metadata.keywords);

  Problem problem = check_identity(metadata);
  if (!problem) problem = take_maintainers(decoded, metadata.maintainers);
  if (!problem) problem = take_dependencies(decoded, metadata.dependencies);
  if (!problem && extent(metadata) > kMaxExtent) {
    problem = "chart.metadata would take more than 8 MiB of the index";
  }
  if (problem) return std::unexpected(PackageError{"validation: " + *problem});
  return metadata;
}

}  // namespace chartmuseum::chart
