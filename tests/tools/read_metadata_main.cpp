// SPDX-License-Identifier: Apache-2.0
// Reads the packages whose paths come on standard input, one a line, and prints a line of JSON for
// each: {"metadata": {...}} with the fields as an index entry has them, or {"error": "..."}. For
// comparisons with Helm.
#include "chart/package.hpp"
#include "encoding/json_writer.hpp"
#include "encoding/value.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

using chartmuseum::chart::Dependency;
using chartmuseum::chart::Maintainer;
using chartmuseum::chart::Metadata;
using chartmuseum::encoding::Value;

Value to_value(const std::string& text) {
  return Value(text);
}
Value to_value(bool flag) {
  return Value(flag);
}
Value to_value(const Value& value) {
  return value;
}
Value to_value(const Value::Mapping& mapping) {
  return Value(mapping);
}
Value to_value(const Maintainer& maintainer);
Value to_value(const Dependency& dependency);

template <class T>
Value to_value(const std::vector<T>& items) {
  Value::List list;
  for (const T& item : items) list.push_back(to_value(item));
  return Value(std::move(list));
}

/// Adds `value` unless it is empty or false, which is how Go omits fields.
template <class T>
void add(Value::Mapping& object, const char* field, const T& value) {
  if (value != T()) object.emplace_back(field, to_value(value));
}

Value to_value(const Maintainer& maintainer) {
  Value::Mapping result;
  add(result, "name", maintainer.name);
  add(result, "email", maintainer.email);
  add(result, "url", maintainer.url);
  return Value(std::move(result));
}

Value to_value(const Dependency& dependency) {
  Value::Mapping result;
  result.emplace_back("name", Value(dependency.name));
  result.emplace_back("repository", Value(dependency.repository));
  add(result, "version", dependency.version);
  add(result, "condition", dependency.condition);
  add(result, "tags", dependency.tags);
  add(result, "enabled", dependency.enabled);
  add(result, "import-values", dependency.import_values);
  add(result, "alias", dependency.alias);
  return Value(std::move(result));
}

Value to_value(const Metadata& metadata) {
  Value::Mapping annotations;
  for (const auto& [key, text] : metadata.annotations) annotations.emplace_back(key, Value(text));
  Value::Mapping result;
  add(result, "name", metadata.name);
  add(result, "home", metadata.home);
  add(result, "sources", metadata.sources);
  add(result, "version", metadata.version);
  add(result, "description", metadata.description);
  add(result, "keywords", metadata.keywords);
  add(result, "maintainers", metadata.maintainers);
  add(result, "icon", metadata.icon);
  add(result, "apiVersion", metadata.api_version);
  add(result, "condition", metadata.condition);
  add(result, "tags", metadata.tags);
  add(result, "appVersion", metadata.app_version);
  add(result, "deprecated", metadata.deprecated);
  add(result, "annotations", annotations);
  add(result, "kubeVersion", metadata.kube_version);
  add(result, "dependencies", metadata.dependencies);
  add(result, "type", metadata.type);
  return Value(std::move(result));
}

std::string describe(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto package = chartmuseum::chart::read_package(bytes);
  if (!package) return chartmuseum::encoding::json_object("error", package.error().message);
  std::string line;
  chartmuseum::encoding::append_json(
      line, Value(Value::Mapping{{"metadata", to_value(package->metadata())}}));
  return line;
}

}  // namespace

int main() {
  for (std::string path; std::getline(std::cin, path);) std::cout << describe(path) << "\n";
}
