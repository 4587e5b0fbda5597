// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/metadata_decoder.hpp"
#include "encoding/value.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::chart {

/// Decodes documents into fields the way Go's encoding/json does after sigs.k8s.io/yaml turned
/// YAML into JSON (https://pkg.go.dev/encoding/json#Unmarshal): keys match whatever their case,
/// several spellings of one are decoded in byte order over one another, scalars become texts
/// where a text is wanted, and the first value that does not fit is the error. Recursion is
/// bounded by the depth that encoding::parse_yaml allows.
class FieldDecoder {
 public:
  template <class Object>
  struct Field {
    std::string_view name;
    void (*decode)(FieldDecoder&, const encoding::Value&, Object&);
  };

  /// For tables of fields: decodes into one member.
  template <auto member, class Object>
  static void decode_member(FieldDecoder& decoder, const encoding::Value& value, Object& object) {
    decoder.decode(value, object.*member);
  }

  void decode(const encoding::Value& value, std::string& text);
  void decode(const encoding::Value& value, bool& flag);
  void decode(const encoding::Value& value, encoding::Value& anything);
  void decode(const encoding::Value& value, std::map<std::string, std::string, std::less<>>& texts);
  void decode(const encoding::Value& value, Maintainer& maintainer);
  void decode(const encoding::Value& value, DecodedDependency& dependency);
  void decode(const encoding::Value& value, DecodedMetadata& metadata);

  /// null resets; anything else is decoded over what is there.
  template <class T>
  void decode(const encoding::Value& value, std::optional<T>& object);
  template <class T>
  void decode(const encoding::Value& value, DecodedList<T>& list);

  /// `structure` and `type` are Go's names, for errors: "Metadata", "chart.Metadata".
  template <class Object>
  void decode_object(const encoding::Value& value, Object& object, std::string_view structure,
                     std::string_view type, std::span<const Field<Object>> fields);

  /// For values.yaml: only a mapping (or null) fits; nothing is kept.
  void decode_values(const encoding::Value& value);

  /// Looks through a value that no field takes: what JSON cannot hold is an error even there.
  void skip(const encoding::Value& value);

  /// A problem that Go reports in place of those of the fields decoded before.
  void fail(std::string problem);

  /// What was wrong, as sigs.k8s.io/yaml words it; nothing if all fitted.
  [[nodiscard]] std::optional<std::string> error() const;

 private:
  using Member = encoding::Value::Member;
  static std::vector<const Member*> in_byte_order(const encoding::Value::Mapping& mapping);
  static bool matches(std::string_view key, std::string_view field);

  template <class Object>
  static const Field<Object>* find(std::span<const Field<Object>> fields, std::string_view key);

  void refuse(const encoding::Value& value, std::string_view type);

  std::string_view structure_;            // the innermost object being decoded, in Go's words
  std::vector<std::string_view> fields_;  // the path to the field being decoded
  std::string unsupported_;               // found while turning YAML into JSON
  std::string mismatch_;                  // the first value that did not fit
  std::string failure_;
};

/// Go's names of the list types, for errors.
template <class T>
constexpr std::string_view list_type = "";
template <>
inline constexpr std::string_view list_type<std::string> = "[]string";
template <>
inline constexpr std::string_view list_type<encoding::Value> = "[]interface {}";
template <>
inline constexpr std::string_view list_type<std::optional<Maintainer>> = "[]*chart.Maintainer";
template <>
inline constexpr std::string_view list_type<std::optional<DecodedDependency>> =
    "[]*chart.Dependency";

template <class T>
void FieldDecoder::decode(const encoding::Value& value, std::optional<T>& object) {
  if (value.is_null()) {
    object.reset();
    return;
  }
  if (!object) object.emplace();
  decode(value, *object);
}

template <class T>
void FieldDecoder::decode(const encoding::Value& value, DecodedList<T>& list) {
  if (value.is_null()) {
    list = {};
    return;
  }
  const auto* items = value.list();
  if (items == nullptr) {
    refuse(value, list_type<T>);
    return;
  }
  if (items->empty()) list = {};
  if (list.items.size() < items->size()) list.items.resize(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) decode((*items)[i], list.items[i]);
  list.size = items->size();
}

template <class Object>
const FieldDecoder::Field<Object>* FieldDecoder::find(std::span<const Field<Object>> fields,
                                                      std::string_view key) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& field) { return matches(key, field.name); });
  return found == fields.end() ? nullptr : &*found;
}

template <class Object>
void FieldDecoder::decode_object(const encoding::Value& value, Object& object,
                                 std::string_view structure, std::string_view type,
                                 std::span<const Field<Object>> fields) {
  if (value.is_null()) return;
  const auto* mapping = value.mapping();
  if (mapping == nullptr) {
    refuse(value, type);
    return;
  }
  const std::string_view outer = structure_;
  for (const Member* member : in_byte_order(*mapping)) {
    const auto* field = find(fields, member->first);
    if (field == nullptr) {
      skip(member->second);
      continue;
    }
    structure_ = structure;
    fields_.push_back(field->name);
    field->decode(*this, member->second, object);
    fields_.pop_back();
    structure_ = outer;
  }
}

}  // namespace chartmuseum::chart
