// SPDX-License-Identifier: Apache-2.0
#include "api/templates_json.hpp"

#include "chart/archive.hpp"
#include "encoding/json_writer.hpp"
#include "encoding/number.hpp"
#include "encoding/yaml_parser.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace chartmuseum::api {

namespace {

void append_base64(std::string& out, std::string_view data) {
  const std::size_t start = out.size();
  out.resize(start + (data.size() + 2) / 3 * 4 + 1);  // OpenSSL ends it with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + start),
                                     reinterpret_cast<const unsigned char*>(data.data()),
                                     static_cast<int>(data.size()));  // files have at most 5 MiB
  out.resize(start + static_cast<std::size_t>(length));
}

void append_value(std::string& out, const encoding::Value& value);

void append_list(std::string& out, const encoding::Value::List& list) {
  out += '[';
  bool first = true;
  for (const encoding::Value& item : list) {
    if (!std::exchange(first, false)) out += ',';
    append_value(out, item);
  }
  out += ']';
}

void append_mapping(std::string& out, const encoding::Value::Mapping& mapping) {
  std::vector<const encoding::Value::Member*> members;
  members.reserve(mapping.size());
  for (const auto& member : mapping) members.push_back(&member);
  std::ranges::sort(members, {},
                    [](const auto* member) -> const std::string& { return member->first; });
  out += '{';
  bool first = true;
  for (const auto* member : members) {
    if (!std::exchange(first, false)) out += ',';
    encoding::append_json_string(out, member->first);
    out += ':';
    append_value(out, member->second);
  }
  out += '}';
}

void append_value(std::string& out, const encoding::Value& value) {
  if (const auto* list = value.list()) return append_list(out, *list);
  if (const auto* mapping = value.mapping()) return append_mapping(out, *mapping);
  if (const auto* number = std::get_if<std::int64_t>(&value.content())) {
    out += std::to_string(*number);
  } else if (const auto* large = std::get_if<std::uint64_t>(&value.content())) {
    out += std::to_string(*large);
  } else {
    encoding::append_json(out, value);
  }
}

}  // namespace

std::expected<std::optional<std::string>, chart::PackageError> templates_json(
    std::string_view package, std::size_t most) {
  // File by file, and not by the chart's loader: that has all of them in memory before the first
  // is looked at.
  const chart::ArchiveLimits limits;
  chart::ArchiveReader reader(package, limits, limits.stream_size);
  std::string json = "{\"templates\":";
  bool any_template = false;
  std::optional<std::string_view> values;
  for (;;) {
    const auto path = reader.next();
    if (!path) return std::unexpected(path.error());
    if (!*path) break;
    const bool is_values = **path == "values.yaml";
    if (!is_values && !(*path)->starts_with("templates/")) continue;
    const std::string name(**path);
    const auto data = reader.read();
    if (!data) return std::unexpected(data.error());
    if (is_values) {
      values = *data;  // the last, if there are several
      continue;
    }
    if (json.size() + name.size() + data->size() / 3 * 4 > most) return std::nullopt;
    json += std::exchange(any_template, true) ? ',' : '[';
    json += "{\"name\":";
    encoding::append_json_string(json, name);
    json += ",\"data\":\"";
    append_base64(json, *data);
    json += "\"}";
  }
  json += any_template ? "]" : "null";
  json += ",\"values\":";
  if (!values) {
    json += "null";
  } else {
    const auto parsed = encoding::parse_yaml(*values);
    if (!parsed) return std::unexpected(chart::PackageError{parsed.error().message()});
    if (parsed->is_null()) {
      json += "{}";
    } else {
      append_value(json, *parsed);
    }
  }
  json += '}';
  if (json.size() > most) return std::nullopt;
  return json;
}

}  // namespace chartmuseum::api
