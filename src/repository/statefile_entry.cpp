// SPDX-License-Identifier: Apache-2.0
#include "repository/statefile_entry.hpp"

#include "encoding/value.hpp"
#include "encoding/yaml_parser.hpp"
#include "repository/inventory.hpp"
#include "storage/object_key.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace chartmuseum::repository {

namespace {

using encoding::Value;

// Each of these returns false for a value of the wrong type. Null is "not set", as in Go. The
// documents were written by a program, so types are not converted as they are in a Chart.yaml.

bool decode(const Value& value, std::string& out) {
  if (const std::string* text = value.string()) out = *text;
  return value.string() != nullptr || value.is_null();
}

bool decode(const Value& value, bool& out) {
  if (const bool* flag = value.boolean()) out = *flag;
  return value.boolean() != nullptr || value.is_null();
}

bool decode(const Value& value, Value& out) {
  out = value;
  return true;
}

bool decode(const Value& value, chart::Maintainer& out);
bool decode(const Value& value, chart::Dependency& out);

template <class T>
bool decode(const Value& value, std::vector<T>& out) {
  if (value.is_null()) return true;
  const Value::List* list = value.list();
  if (list == nullptr) return false;
  out.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!decode((*list)[i], out[i])) return false;
  }
  return true;
}

bool decode(const Value& value, std::vector<std::pair<std::string, std::string>>& out) {
  if (value.is_null()) return true;
  const Value::Mapping* mapping = value.mapping();
  if (mapping == nullptr) return false;
  for (const auto& [key, member] : *mapping) {
    out.emplace_back(key, std::string());
    if (!decode(member, out.back().second)) return false;
  }
  std::ranges::sort(out);
  return true;
}

bool decode(const Value& value, chart::Maintainer& out) {
  const Value::Mapping* mapping = value.mapping();
  if (mapping == nullptr) return false;
  return std::ranges::all_of(*mapping, [&out](const Value::Member& member) {
    const auto& [key, field] = member;
    if (key == "name") return decode(field, out.name);
    if (key == "email") return decode(field, out.email);
    if (key == "url") return decode(field, out.url);
    return true;
  });
}

bool decode(const Value& value, chart::Dependency& out) {
  const Value::Mapping* mapping = value.mapping();
  if (mapping == nullptr) return false;
  return std::ranges::all_of(*mapping, [&out](const Value::Member& member) {
    const auto& [key, field] = member;
    if (key == "name") return decode(field, out.name);
    if (key == "version") return decode(field, out.version);
    if (key == "repository") return decode(field, out.repository);
    if (key == "condition") return decode(field, out.condition);
    if (key == "tags") return decode(field, out.tags);
    if (key == "enabled") return decode(field, out.enabled);
    if (key == "import-values") return decode(field, out.import_values);
    if (key == "alias") return decode(field, out.alias);
    return true;
  });
}

bool decode_field(const std::string& key, const Value& field, chart::Metadata& out) {
  if (key == "name") return decode(field, out.name);
  if (key == "home") return decode(field, out.home);
  if (key == "sources") return decode(field, out.sources);
  if (key == "version") return decode(field, out.version);
  if (key == "description") return decode(field, out.description);
  if (key == "keywords") return decode(field, out.keywords);
  if (key == "maintainers") return decode(field, out.maintainers);
  if (key == "icon") return decode(field, out.icon);
  if (key == "apiVersion") return decode(field, out.api_version);
  if (key == "condition") return decode(field, out.condition);
  if (key == "tags") return decode(field, out.tags);
  if (key == "appVersion") return decode(field, out.app_version);
  if (key == "deprecated") return decode(field, out.deprecated);
  if (key == "annotations") return decode(field, out.annotations);
  if (key == "kubeVersion") return decode(field, out.kube_version);
  if (key == "dependencies") return decode(field, out.dependencies);
  if (key == "type") return decode(field, out.type);
  return true;
}

bool decode_file_name(const Value& urls, std::string& out) {
  const Value::List* list = urls.list();
  if (list == nullptr || list->size() != 1) return false;
  const std::string* url = list->front().string();
  if (url == nullptr) return false;
  out = url->substr(url->rfind('/') + 1);
  return kind_of(out) == ObjectKind::package && storage::valid_segment(out);
}

std::optional<StatefileEntry> decode_entry(const Value& value) {
  const Value::Mapping* mapping = value.mapping();
  if (mapping == nullptr) return std::nullopt;
  StatefileEntry entry;
  bool has_digest = false;
  bool has_created = false;
  for (const auto& [key, field] : *mapping) {
    if (key == "urls") {
      if (!decode_file_name(field, entry.file_name)) return std::nullopt;
    } else if (key == "created" || key == "digest") {
      const std::string* text = field.string();
      if (text == nullptr) return std::nullopt;
      if (key == "created") {
        const auto created = parse_rfc3339(*text);
        if (!created) return std::nullopt;
        entry.created = *created;
        has_created = true;
      } else {
        const auto digest = Digest::from_hex(*text);
        if (!digest) return std::nullopt;
        entry.digest = *digest;
        has_digest = true;
      }
    } else if (!decode_field(key, field, entry.metadata)) {
      return std::nullopt;
    }
  }
  const bool complete = has_digest && has_created && !entry.file_name.empty() &&
                        !entry.metadata.name.empty() &&
                        chart::Version::parse(entry.metadata.version).has_value();
  if (!complete) return std::nullopt;
  return entry;
}

void decode_list(const Value& value, std::vector<StatefileEntry>& entries) {
  const Value::List* list = value.list();
  if (list == nullptr) return;
  for (const Value& item : *list) {
    if (auto entry = decode_entry(item)) entries.push_back(*std::move(entry));
  }
}

}  // namespace

std::vector<StatefileEntry> read_statefile_entries(std::string_view text) {
  std::vector<StatefileEntry> entries;
  const auto document = encoding::parse_yaml(text);
  if (!document) return entries;
  decode_list(*document, entries);
  if (const Value::Mapping* mapping = document->mapping()) {
    for (const auto& [key, value] : *mapping) {
      decode_list(value, entries);
      const Value::Mapping* charts = key == "entries" ? value.mapping() : nullptr;
      if (charts == nullptr) continue;
      for (const auto& [name, versions] : *charts) decode_list(versions, entries);
    }
  }
  return entries;
}

}  // namespace chartmuseum::repository
