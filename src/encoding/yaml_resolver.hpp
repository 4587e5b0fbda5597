// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/value.hpp"
#include "encoding/yaml_document.hpp"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace chartmuseum::encoding {

/// Turns a document's tree into a value: scalars typed, aliases expanded, merge keys applied,
/// keys made strings. Used once. Keeps its own stack, so that depth costs no thread's.
class YamlResolver {
 public:
  /// Both arguments must outlive it.
  YamlResolver(const YamlDocument& document, YamlBudget& budget)
      : YamlResolver(document, budget, 0) {}

  [[nodiscard]] std::expected<Value, YamlError> resolve();

 private:
  using Node = YamlDocument::Node;
  using NodeIndex = YamlDocument::NodeIndex;

  /// A collection whose nodes are being resolved.
  struct Open {
    enum class Kind { list, mapping, merged_mapping, merged_list };

    Kind kind;
    NodeIndex next;                        // its next node
    NodeIndex alias;                       // by which it was reached, if any
    Value::List* items = nullptr;          // to fill: a list's,
    Value::Mapping* members = nullptr;     // a mapping's, or that into which is merged
    std::vector<NodeIndex> to_merge = {};  // a merged list's items, the next at the end
  };

  YamlResolver(const YamlDocument& document, YamlBudget& budget, std::size_t key_nesting)
      : document_(document), budget_(budget), key_nesting_(key_nesting) {}

  std::expected<Value, YamlError> resolve(NodeIndex index);

  // Each of these is false once error_ is set.
  bool step();
  bool value(NodeIndex index, Value& out);
  bool open(const Node& node, Value& out, NodeIndex alias);
  bool scalar(const Node& node, Value& out);
  bool member(NodeIndex key, Value::Mapping& out);
  bool key(NodeIndex index, std::string& out);
  bool merge(NodeIndex index, Value::Mapping& out);
  bool merge_mapping(NodeIndex index, Value::Mapping& out);
  bool enter_alias(NodeIndex index);
  bool count_node();
  bool count_text(std::size_t size);
  bool fail(std::string problem);

  void close();
  void leave_alias(NodeIndex index);
  [[nodiscard]] bool is_merge(const Node& node) const;

  const YamlDocument& document_;
  YamlBudget& budget_;
  std::size_t key_nesting_;  // how many collections that are keys this one is inside of
  std::vector<Open> open_;
  std::unordered_set<NodeIndex> open_aliases_;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 1;  // the document itself
  std::size_t nodes_from_aliases_ = 0;
  std::size_t text_from_aliases_ = 0;
  bool has_unsupported_key_ = false;
  std::optional<YamlError> error_;
};

}  // namespace chartmuseum::encoding
