// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_document.hpp"

#include <cstring>
#include <utility>

namespace chartmuseum::encoding {

namespace {

std::string_view view(const unsigned char* text) {
  return reinterpret_cast<const char*>(text);
}

}  // namespace

std::expected<YamlDocument, YamlError> YamlDocument::read(YamlEvents& events) {
  YamlDocument document;
  while (true) {
    const yaml_event_t* const event = events.next();
    if (event == nullptr) return std::unexpected(events.error());
    switch (event->type) {
      case YAML_DOCUMENT_END_EVENT:
      case YAML_STREAM_END_EVENT:
        return document;
      case YAML_ALIAS_EVENT:
        if (auto added = document.add_alias(*event); !added) {
          return std::unexpected(std::move(added.error()));
        }
        break;
      case YAML_SCALAR_EVENT:
        document.link(document.add(*event));
        break;
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT: {
        const NodeIndex collection = document.add(*event);
        document.link(collection);
        document.open_.push_back({collection, kNone});
        break;
      }
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        document.open_.pop_back();
        break;
      default:
        break;
    }
  }
}

YamlDocument::NodeIndex YamlDocument::add(const yaml_event_t& event) {
  const auto index = static_cast<NodeIndex>(nodes_.size());
  Node node;
  const unsigned char* anchor = nullptr;
  if (event.type == YAML_SCALAR_EVENT) {
    const auto& scalar = event.data.scalar;
    node.tag = tag_index(scalar.tag);
    node.plain = scalar.plain_implicit != 0;
    set_text(node, scalar.value, scalar.length);
    anchor = scalar.anchor;
  } else if (event.type == YAML_MAPPING_START_EVENT) {
    node.kind = Kind::mapping;
    anchor = event.data.mapping_start.anchor;
  } else {
    node.kind = Kind::list;
    anchor = event.data.sequence_start.anchor;
  }
  nodes_.push_back(node);
  name_anchor(index, anchor);
  return index;
}

std::expected<void, YamlError> YamlDocument::add_alias(const yaml_event_t& event) {
  const unsigned char* const name = event.data.alias.anchor;
  const auto found = anchors_.find(view(name));
  if (found == anchors_.end()) {
    return std::unexpected(
        YamlError{0, "unknown anchor '" + std::string(view(name)) + "' referenced"});
  }
  Node node;
  node.kind = Kind::alias;
  node.first = found->second;
  set_text(node, name, view(name).size());
  nodes_.push_back(node);
  link(static_cast<NodeIndex>(nodes_.size() - 1));
  return {};
}

void YamlDocument::link(NodeIndex index) {
  if (open_.empty()) {
    root_ = index;
    return;
  }
  Open& open = open_.back();
  (open.last == kNone ? nodes_[open.collection].first : nodes_[open.last].next) = index;
  open.last = index;
}

void YamlDocument::set_text(Node& node, const unsigned char* text, std::size_t size) {
  node.text = static_cast<std::uint32_t>(texts_.size());
  node.text_size = static_cast<std::uint32_t>(size);
  texts_.append(reinterpret_cast<const char*>(text), size);
}

void YamlDocument::name_anchor(NodeIndex index, const unsigned char* anchor) {
  if (anchor != nullptr) anchors_.insert_or_assign(std::string(view(anchor)), index);
}

std::uint32_t YamlDocument::tag_index(const unsigned char* tag) {
  if (tag == nullptr) return 0;
  if (const auto known = tag_indexes_.find(view(tag)); known != tag_indexes_.end()) {
    return known->second;
  }
  const auto index = static_cast<std::uint32_t>(tags_.size());
  tags_.emplace_back(view(tag));
  tag_indexes_.emplace(view(tag), index);
  return index;
}

}  // namespace chartmuseum::encoding
