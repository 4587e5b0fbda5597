// SPDX-License-Identifier: Apache-2.0
#include "api/templates_json.hpp"

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

std::expected<std::string, chart::PackageError> templates_json(std::string_view package) {
  const auto templates = chart::read_templates(package);
  if (!templates) return std::unexpected(templates.error());
  const auto values = chart::read_values(package);
  if (!values) return std::unexpected(values.error());

  std::string json = "{\"templates\":";
  if (templates->empty()) {
    json += "null";
  } else {
    json += '[';
    bool first = true;
    for (const chart::PackageFile& file : *templates) {
      if (!std::exchange(first, false)) json += ',';
      json += "{\"name\":";
      encoding::append_json_string(json, file.path);
      json += ",\"data\":\"";
      append_base64(json, file.data);
      json += "\"}";
    }
    json += ']';
  }
  json += ",\"values\":";
  if (!*values) {
    json += "null";
  } else {
    const auto parsed = encoding::parse_yaml(**values);
    if (!parsed) return std::unexpected(chart::PackageError{parsed.error().message()});
    if (parsed->is_null()) {
      json += "{}";
    } else {
      append_value(json, *parsed);
    }
  }
  json += '}';
  return json;
}

}  // namespace chartmuseum::api
