// SPDX-License-Identifier: Apache-2.0
// Reads the packages whose paths come on standard input, one a line, and prints a line of JSON for
// each: {"metadata": {...}} with the fields as an index entry has them, or {"error": "..."}. For
// comparisons with Helm.
#include "chart/package.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace {

using chartmuseum::chart::Dependency;
using chartmuseum::chart::Maintainer;
using chartmuseum::chart::Metadata;
using chartmuseum::encoding::Value;
using Json = nlohmann::json;

Json to_json(const Value& value) {
  return std::visit(
      [](const auto& content) -> Json {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, Value::List>) {
          Json items = Json::array();
          for (const Value& item : content) items.push_back(to_json(item));
          return items;
        } else if constexpr (std::is_same_v<Content, Value::Mapping>) {
          Json members = Json::object();
          for (const auto& [key, member] : content) members[key] = to_json(member);
          return members;
        } else {
          return content;
        }
      },
      value.content());
}

/// Adds `value` unless it is empty or false, which is how Go omits fields.
template <class T>
void add(Json& object, const char* field, const T& value) {
  if (value != T()) object[field] = value;
}

Json to_json(const Maintainer& maintainer) {
  Json result = Json::object();
  add(result, "name", maintainer.name);
  add(result, "email", maintainer.email);
  add(result, "url", maintainer.url);
  return result;
}

Json to_json(const Dependency& dependency) {
  Json result = {{"name", dependency.name}, {"repository", dependency.repository}};
  add(result, "version", dependency.version);
  add(result, "condition", dependency.condition);
  add(result, "tags", dependency.tags);
  add(result, "enabled", dependency.enabled);
  add(result, "alias", dependency.alias);
  for (const Value& value : dependency.import_values) {
    result["import-values"].push_back(to_json(value));
  }
  return result;
}

Json to_json(const Metadata& metadata) {
  Json result = Json::object();
  add(result, "name", metadata.name);
  add(result, "home", metadata.home);
  add(result, "sources", metadata.sources);
  add(result, "version", metadata.version);
  add(result, "description", metadata.description);
  add(result, "keywords", metadata.keywords);
  add(result, "icon", metadata.icon);
  add(result, "apiVersion", metadata.api_version);
  add(result, "condition", metadata.condition);
  add(result, "tags", metadata.tags);
  add(result, "appVersion", metadata.app_version);
  add(result, "deprecated", metadata.deprecated);
  add(result, "kubeVersion", metadata.kube_version);
  add(result, "type", metadata.type);
  for (const auto& [key, text] : metadata.annotations) result["annotations"][key] = text;
  for (const auto& item : metadata.maintainers) result["maintainers"].push_back(to_json(item));
  for (const auto& item : metadata.dependencies) result["dependencies"].push_back(to_json(item));
  return result;
}

Json describe(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto package = chartmuseum::chart::read_package(bytes);
  if (!package) return {{"error", package.error().message}};
  return {{"metadata", to_json(package->metadata())}};
}

}  // namespace

int main() {
  for (std::string path; std::getline(std::cin, path);) {
    std::cout << describe(path).dump(-1, ' ', true, Json::error_handler_t::replace) << "\n";
  }
}
