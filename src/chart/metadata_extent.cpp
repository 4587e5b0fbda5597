// SPDX-License-Identifier: Apache-2.0
#include "chart/metadata_extent.hpp"

#include <string>
#include <vector>

namespace chartmuseum::chart {

namespace {

constexpr std::uint64_t kPerItem = 16;  // key, indentation, quotes, end of line
constexpr std::uint64_t kPerLevel = 2;

std::uint64_t extent_of(const std::vector<std::string>& texts) {
  std::uint64_t sum = 0;
  for (const std::string& text : texts) sum += kPerItem + text.size();
  return sum;
}

/// Calls itself as deep as the value is, which is why it is sparing with the stack.
std::uint64_t extent_of(const encoding::Value& value, std::uint64_t level) {
  std::uint64_t sum = kPerItem + kPerLevel * level;
  if (const auto* const text = value.string()) return sum + text->size();
  if (const auto* const list = value.list()) {
    for (const encoding::Value& item : *list) sum += extent_of(item, level + 1);
  }
  if (const auto* const mapping = value.mapping()) {
    for (const auto& [key, member] : *mapping) sum += key.size() + extent_of(member, level + 1);
  }
  return sum;
}

std::uint64_t extent_of(const Dependency& dependency) {
  std::uint64_t sum = 8 * kPerItem + dependency.name.size() + dependency.version.size() +
                      dependency.repository.size() + dependency.condition.size() +
                      dependency.alias.size() + extent_of(dependency.tags);
  for (const encoding::Value& value : dependency.import_values) sum += extent_of(value, 0);
  return sum;
}

}  // namespace

std::uint64_t extent(const Metadata& metadata) {
  std::uint64_t sum = 0;
  for (const std::string* text :
       {&metadata.name, &metadata.home, &metadata.version, &metadata.description, &metadata.icon,
        &metadata.api_version, &metadata.condition, &metadata.tags, &metadata.app_version,
        &metadata.kube_version, &metadata.type}) {
    sum += kPerItem + text->size();
  }
  sum += extent_of(metadata.sources) + extent_of(metadata.keywords);
  for (const Maintainer& maintainer : metadata.maintainers) {
    sum += 3 * kPerItem + maintainer.name.size() + maintainer.email.size() + maintainer.url.size();
  }
  for (const auto& [key, value] : metadata.annotations) {
    sum += kPerItem + key.size() + value.size();
  }
  for (const Dependency& dependency : metadata.dependencies) sum += extent_of(dependency);
  return sum;
}

}  // namespace chartmuseum::chart
