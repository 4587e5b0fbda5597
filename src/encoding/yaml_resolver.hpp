// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"
#include "encoding/yaml_document.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <unordered_set>

namespace chartmuseum::encoding {

/// Turns a document's tree into a value: scalars typed, aliases expanded, merge keys applied,
/// keys made strings. Used once.
class YamlResolver {
 public:
  explicit YamlResolver(const YamlDocument& document) : document_(document) {}

  [[nodiscard]] std::expected<Value, YamlError> resolve();

 private:
  using Node = YamlDocument::Node;
  using NodeIndex = YamlDocument::NodeIndex;

  // Each of these is false once error_ is set.
  bool value(NodeIndex index, Value& out);
  bool alias(NodeIndex index, Value& out);
  bool list(const Node& node, Value& out);
  /// Appends a mapping's members, those that override earlier ones too.
  bool members(const Node& node, Value::Mapping& out);
  bool scalar(const Node& node, Value& out);
  bool member(NodeIndex key, NodeIndex value, Value::Member& out);
  bool merge(NodeIndex index, Value::Mapping& out);
  bool merge_mapping(NodeIndex index, Value::Mapping& out);

  [[nodiscard]] bool is_merge(const Node& node) const;
  bool enter_alias(NodeIndex index);
  void leave_alias(NodeIndex index);
  bool count_node();
  bool count_text(std::size_t size);
  bool fail(std::string problem);

  const YamlDocument& document_;
  std::unordered_set<NodeIndex> open_aliases_;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 1;  // the document itself
  std::size_t nodes_from_aliases_ = 0;
  std::size_t text_from_aliases_ = 0;
  bool has_unsupported_key_ = false;
  std::optional<YamlError> error_;
};

}  // namespace chartmuseum::encoding
