// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chartmuseum::encoding {

/// What a YAML or JSON document holds once anchors, merges, tags and key types are resolved
/// (docs/design/yaml.md): what Go calls the document after "YAML to JSON".
class Value {
 public:
  using List = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  /// In document order; keys are unique (of duplicates, the last value stands in the place of
  /// the first).
  using Mapping = std::vector<Member>;
  /// A plain integer, and one that only fits without sign, are distinct from floats because a
  /// string field prints them differently.
  using Content = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double,
                               std::string, List, Mapping>;

  Value() = default;
  template <class T>
  explicit Value(T content) : content_(std::move(content)) {}

  [[nodiscard]] const Content& content() const { return content_; }
  [[nodiscard]] Content& content() { return content_; }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(content_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&content_); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&content_); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&content_); }
  [[nodiscard]] const Mapping* mapping() const { return std::get_if<Mapping>(&content_); }

  bool operator==(const Value&) const = default;

 private:
  Content content_ = nullptr;
};

}  // namespace chartmuseum::encoding
