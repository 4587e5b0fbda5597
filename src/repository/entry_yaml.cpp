// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_yaml.hpp"

#include "encoding/natural_order.hpp"
#include "encoding/value.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

namespace {

using encoding::YamlWriter;

void write_text(YamlWriter& yaml, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  yaml.key(key);
  yaml.string(text);
}

void write_flag(YamlWriter& yaml, std::string_view key, bool value) {
  if (!value) return;
  yaml.key(key);
  yaml.boolean(true);
}

template <class Items, class Write>
void write_list(YamlWriter& yaml, std::string_view key, const Items& items, Write write) {
  if (items.empty()) return;
  yaml.key(key);
  yaml.begin_list();
  for (const auto& item : items) write(yaml, item);
  yaml.end_list();
}

void write_texts(YamlWriter& yaml, std::string_view key, const std::vector<std::string>& items) {
  write_list(yaml, key, items, [](YamlWriter& out, const std::string& item) { out.string(item); });
}

/// Pointers to pairs, in the order in which the reference writes a mapping. Stable, because the
/// order is not transitive for every set of keys.
template <class Pairs>
auto in_natural_order(const Pairs& pairs) {
  std::vector<const typename Pairs::value_type*> sorted;
  sorted.reserve(pairs.size());
  for (const auto& pair : pairs) sorted.push_back(&pair);
  std::ranges::stable_sort(sorted, [](const auto* left, const auto* right) {
    return encoding::natural_order(left->first, right->first) < 0;
  });
  return sorted;
}

void write_annotations(YamlWriter& yaml,
                       const std::vector<std::pair<std::string, std::string>>& annotations) {
  if (annotations.empty()) return;
  yaml.key("annotations");
  yaml.begin_mapping();
  for (const auto* annotation : in_natural_order(annotations)) {
    yaml.key(annotation->first);
    yaml.string(annotation->second);
  }
  yaml.end_mapping();
}

void write_maintainer(YamlWriter& yaml, const chart::Maintainer& maintainer) {
  yaml.begin_mapping();
  write_text(yaml, "email", maintainer.email);
  write_text(yaml, "name", maintainer.name);
  write_text(yaml, "url", maintainer.url);
  yaml.end_mapping();
}

void write_dependency(YamlWriter& yaml, const chart::Dependency& dependency) {
  yaml.begin_mapping();
  write_text(yaml, "alias", dependency.alias);
  write_text(yaml, "condition", dependency.condition);
  write_flag(yaml, "enabled", dependency.enabled);
  write_list(yaml, "import-values", dependency.import_values,
             [](YamlWriter& out, const encoding::Value& value) { out.value(value); });
  yaml.key("name");
  yaml.string(dependency.name);
  yaml.key("repository");
  yaml.string(dependency.repository);
  write_texts(yaml, "tags", dependency.tags);
  write_text(yaml, "version", dependency.version);
  yaml.end_mapping();
}

}  // namespace

void write_entry(YamlWriter& yaml, const chart::Metadata& metadata, std::string_view url,
                 std::string_view created, std::string_view digest) {
  yaml.begin_mapping();
  write_annotations(yaml, metadata.annotations);
  write_text(yaml, "apiVersion", metadata.api_version);
  write_text(yaml, "appVersion", metadata.app_version);
  write_text(yaml, "condition", metadata.condition);
  yaml.key("created");
  yaml.quoted(created);
  write_list(yaml, "dependencies", metadata.dependencies, write_dependency);
  write_flag(yaml, "deprecated", metadata.deprecated);
  write_text(yaml, "description", metadata.description);
  write_text(yaml, "digest", digest);
  write_text(yaml, "home", metadata.home);
  write_text(yaml, "icon", metadata.icon);
  write_texts(yaml, "keywords", metadata.keywords);
  write_text(yaml, "kubeVersion", metadata.kube_version);
  write_list(yaml, "maintainers", metadata.maintainers, write_maintainer);
  write_text(yaml, "name", metadata.name);
  write_texts(yaml, "sources", metadata.sources);
  write_text(yaml, "tags", metadata.tags);
  write_text(yaml, "type", metadata.type);
  write_texts(yaml, "urls", {std::string(url)});
  write_text(yaml, "version", metadata.version);
  yaml.end_mapping();
}

}  // namespace chartmuseum::repository
