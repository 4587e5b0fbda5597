// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "encoding/yaml_events.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::encoding {

/// The first document of a text as a tree: aliases point to what they mean, nothing is resolved
/// or expanded yet. All nodes and texts stand in two blocks of memory.
class YamlDocument {
 public:
  using NodeIndex = std::uint32_t;
  static constexpr NodeIndex kNone = UINT32_MAX;

  enum class Kind : std::uint8_t { scalar, mapping, list, alias };

  struct Node {
    Kind kind = Kind::scalar;
    bool plain = false;       // a scalar that is resolved by its text alone
    NodeIndex next = kNone;   // the next node of the same collection
    NodeIndex first = kNone;  // a collection's first node (keys and values by turns), or
                              // what an alias points to
    std::uint32_t tag = 0;    // in tags(); 0 is none
    std::uint32_t text = 0;   // offset and size of a scalar's text, or of an alias's name
    std::uint32_t text_size = 0;
  };

  /// Reads to the end of the first document. An empty stream has no root.
  [[nodiscard]] static std::expected<YamlDocument, YamlError> read(YamlEvents& events);

  [[nodiscard]] NodeIndex root() const { return root_; }
  [[nodiscard]] const Node& node(NodeIndex index) const { return nodes_[index]; }
  [[nodiscard]] std::string_view text(const Node& node) const {
    return std::string_view(texts_).substr(node.text, node.text_size);
  }
  [[nodiscard]] std::string_view tag(const Node& node) const { return tags_[node.tag]; }

 private:
  struct Open {
    NodeIndex collection;
    NodeIndex last;
  };

  YamlDocument() = default;
  NodeIndex add(const yaml_event_t& event);
  std::expected<void, YamlError> add_alias(const yaml_event_t& event);
  void link(NodeIndex index);
  void set_text(Node& node, const unsigned char* text, std::size_t size);
  void name_anchor(NodeIndex index, const unsigned char* anchor);
  std::uint32_t tag_index(const unsigned char* tag);

  NodeIndex root_ = kNone;
  std::vector<Node> nodes_;
  std::string texts_;
  std::vector<std::string> tags_{""};
  // Ordered, so that no choice of names makes them slow.
  std::map<std::string, std::uint32_t, std::less<>> tag_indexes_;
  std::map<std::string, NodeIndex, std::less<>> anchors_;
  std::vector<Open> open_;
};

}  // namespace chartmuseum::encoding
