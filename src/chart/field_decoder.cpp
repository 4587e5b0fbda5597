// SPDX-License-Identifier: Apache-2.0
#include "chart/field_decoder.hpp"

#include "base/ascii.hpp"
#include "encoding/number.hpp"

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

namespace chartmuseum::chart {
namespace {

using encoding::Value;

/// A scalar as a text field takes it; nothing for null, lists and mappings.
std::optional<std::string> as_text(const Value& value) {
  return std::visit(
      [](const auto& content) -> std::optional<std::string> {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, std::string>) {
          return content;
        } else if constexpr (std::is_same_v<Content, bool>) {
          return content ? "true" : "false";
        } else if constexpr (std::is_same_v<Content, double>) {
          return encoding::number_in_string_field(content);
        } else if constexpr (std::is_integral_v<Content>) {
          return std::to_string(content);
        } else {
          return std::nullopt;
        }
      },
      value.content());
}

std::string_view json_kind(const Value& value) {
  if (value.boolean() != nullptr) return "bool";
  if (value.string() != nullptr) return "string";
  if (value.list() != nullptr) return "array";
  if (value.mapping() != nullptr) return "object";
  return "number";
}

/// What a Go program holds of `value` after JSON: every number is a 64-bit float. Keys come in
/// byte order.
Value after_json(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.content())) {
    return Value(static_cast<double>(*number));
  }
  if (const auto* number = std::get_if<std::uint64_t>(&value.content())) {
    return Value(static_cast<double>(*number));
  }
  if (const auto* list = value.list()) {
    Value::List items;
    items.reserve(list->size());
    for (const Value& item : *list) items.push_back(after_json(item));
    return Value(std::move(items));
  }
  if (const auto* mapping = value.mapping()) {
    Value::Mapping members;
    members.reserve(mapping->size());
    for (const auto& [key, item] : *mapping) members.emplace_back(key, after_json(item));
    std::ranges::sort(members, {}, &Value::Member::first);
    return Value(std::move(members));
  }
  return value;
}

}  // namespace

void FieldDecoder::decode(const Value& value, std::string& text) {
  if (value.is_null()) return;
  if (auto scalar = as_text(value)) {
    text = *std::move(scalar);
  } else {
    refuse(value, "string");
  }
}

void FieldDecoder::decode(const Value& value, bool& flag) {
  if (value.is_null()) return;
  if (const bool* boolean = value.boolean()) {
    flag = *boolean;
  } else {
    refuse(value, "bool");
  }
}

void FieldDecoder::decode(const Value& value, Value& anything) {
  skip(value);
  anything = after_json(value);
}

void FieldDecoder::decode(const Value& value,
                          std::map<std::string, std::string, std::less<>>& texts) {
  if (value.is_null()) {
    texts.clear();
    return;
  }
  const auto* mapping = value.mapping();
  if (mapping == nullptr) {
    refuse(value, "map[string]string");
    return;
  }
  for (const Member* member : in_byte_order(*mapping)) {
    std::string text;  // unlike an item of a list, null does not keep the old text
    decode(member->second, text);
    texts.insert_or_assign(member->first, std::move(text));
  }
}

void FieldDecoder::decode(const Value& value, Maintainer& maintainer) {
  static constexpr Field<Maintainer> fields[] = {
      {"name", decode_member<&Maintainer::name>},
      {"email", decode_member<&Maintainer::email>},
      {"url", decode_member<&Maintainer::url>},
  };
  decode_object<Maintainer>(value, maintainer, "Maintainer", "chart.Maintainer", fields);
}

void FieldDecoder::decode(const Value& value, DecodedDependency& dependency) {
  static constexpr Field<DecodedDependency> fields[] = {
      {"name", decode_member<&DecodedDependency::name>},
      {"version", decode_member<&DecodedDependency::version>},
      {"repository", decode_member<&DecodedDependency::repository>},
      {"condition", decode_member<&DecodedDependency::condition>},
      {"tags", decode_member<&DecodedDependency::tags>},
      {"enabled", decode_member<&DecodedDependency::enabled>},
      {"import-values", decode_member<&DecodedDependency::import_values>},
      {"alias", decode_member<&DecodedDependency::alias>},
  };
  decode_object<DecodedDependency>(value, dependency, "Dependency", "chart.Dependency", fields);
}

void FieldDecoder::decode(const Value& value, DecodedMetadata& metadata) {
  static constexpr Field<DecodedMetadata> fields[] = {
      {"name", decode_member<&DecodedMetadata::name>},
      {"home", decode_member<&DecodedMetadata::home>},
      {"sources", decode_member<&DecodedMetadata::sources>},
      {"version", decode_member<&DecodedMetadata::version>},
      {"description", decode_member<&DecodedMetadata::description>},
      {"keywords", decode_member<&DecodedMetadata::keywords>},
      {"maintainers", decode_member<&DecodedMetadata::maintainers>},
      {"icon", decode_member<&DecodedMetadata::icon>},
      {"apiVersion", decode_member<&DecodedMetadata::api_version>},
      {"condition", decode_member<&DecodedMetadata::condition>},
      {"tags", decode_member<&DecodedMetadata::tags>},
      {"appVersion", decode_member<&DecodedMetadata::app_version>},
      {"deprecated", decode_member<&DecodedMetadata::deprecated>},
      {"annotations", decode_member<&DecodedMetadata::annotations>},
      {"kubeVersion", decode_member<&DecodedMetadata::kube_version>},
      {"dependencies", decode_member<&DecodedMetadata::dependencies>},
      {"type", decode_member<&DecodedMetadata::type>},
  };
  decode_object<DecodedMetadata>(value, metadata, "Metadata", "chart.Metadata", fields);
}

void FieldDecoder::decode_values(const Value& value) {
  if (value.is_null() || value.mapping() != nullptr) {
    skip(value);
  } else {
    refuse(value, "map[string]interface {}");
  }
}

void FieldDecoder::skip(const Value& value) {
  if (const auto* number = std::get_if<double>(&value.content())) {
    if (std::isfinite(*number) || !unsupported_.empty()) return;
    const std::string_view name = std::isnan(*number) ? "NaN" : *number > 0 ? "+Inf" : "-Inf";
    unsupported_ = "json: unsupported value: " + std::string(name);
  } else if (const auto* list = value.list()) {
    for (const Value& item : *list) skip(item);
  } else if (const auto* mapping = value.mapping()) {
    for (const Member* member : in_byte_order(*mapping)) skip(member->second);
  }
}

void FieldDecoder::fail(std::string problem) {
  if (failure_.empty()) failure_ = std::move(problem);
}

std::optional<std::string> FieldDecoder::error() const {
  if (!unsupported_.empty()) return "error converting YAML to JSON: " + unsupported_;
  const std::string& problem = failure_.empty() ? mismatch_ : failure_;
  if (problem.empty()) return std::nullopt;
  return "error unmarshaling JSON: while decoding JSON: " + problem;
}

std::vector<const FieldDecoder::Member*> FieldDecoder::in_byte_order(
    const Value::Mapping& mapping) {
  std::vector<const Member*> members;
  members.reserve(mapping.size());
  for (const Member& member : mapping) members.push_back(&member);
  std::ranges::sort(members, {},
                    [](const Member* member) -> std::string_view { return member->first; });
  return members;
}

bool FieldDecoder::matches(std::string_view key, std::string_view field) {
  // Only two characters beyond ASCII fold onto ASCII letters.
  static constexpr std::string_view long_s = "\u017F";
  static constexpr std::string_view kelvin = "\u212A";
  if (key == field) return true;
  for (const char wanted : field) {
    if (key.empty()) return false;
    if (ascii_lower(key.front()) == ascii_lower(wanted)) {
      key.remove_prefix(1);
    } else if (ascii_lower(wanted) == 's' && key.starts_with(long_s)) {
      key.remove_prefix(long_s.size());
    } else if (ascii_lower(wanted) == 'k' && key.starts_with(kelvin)) {
      key.remove_prefix(kelvin.size());
    } else {
      return false;
    }
  }
  return key.empty();
}

void FieldDecoder::refuse(const Value& value, std::string_view type) {
  skip(value);
  if (!mismatch_.empty()) return;
  mismatch_ = "json: cannot unmarshal " + std::string(json_kind(value)) + " into Go ";
  if (fields_.empty()) {
    mismatch_ += "value";
  } else {
    mismatch_.append("struct field ").append(structure_);
    for (const std::string_view field : fields_) mismatch_.append(".").append(field);
  }
  mismatch_.append(" of type ").append(type);
}

}  // namespace chartmuseum::chart
