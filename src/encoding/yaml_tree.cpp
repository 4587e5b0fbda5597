// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_tree.hpp"

#include "encoding/utf8.hpp"
#include "encoding/yaml_events.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace chartmuseum::encoding {

namespace {

constexpr std::size_t kDeepest = 16;

YamlPlace place_of(const yaml_event_t& event) {
  return {event.start_mark.line + 1, event.start_mark.column + 1};
}

class TreeReader {
 public:
  explicit TreeReader(std::string_view text) : events_(text, budget_) {}

  std::expected<YamlNode, YamlProblem> read() {
    YamlNode root;
    const yaml_event_t* event = next();  // the stream's start
    if (event != nullptr) event = next();
    if (event != nullptr && event->type == YAML_STREAM_END_EVENT) {
      root.place = {1, 1};
      root.plain = true;
      return root;
    }
    if (event != nullptr) event = next();  // behind the document's start
    if (event == nullptr || !node(*event, root, 0)) return failure();
    event = next();  // the document's end
    if (event != nullptr) event = next();
    if (event == nullptr) return failure();
    if (event->type != YAML_STREAM_END_EVENT) {
      fail(place_of(*event), "a second document");
      return failure();
    }
    return root;
  }

 private:
  /// Null once problem_ is set.
  const yaml_event_t* next() {
    const yaml_event_t* event = events_.next();
    if (event == nullptr) problem_ = {events_.error_place(), events_.error().problem};
    return event;
  }

  bool fail(YamlPlace place, std::string problem) {
    problem_ = {place, std::move(problem)};
    return false;
  }

  [[nodiscard]] std::unexpected<YamlProblem> failure() {
    return std::unexpected(std::move(problem_));
  }

  /// Each of these takes the events of a node, of which `event` is the first; false once problem_
  /// is set.
  bool node(const yaml_event_t& event, YamlNode& out, std::size_t depth) {
    out.place = place_of(event);
    if (depth == kDeepest && event.type != YAML_SCALAR_EVENT) {
      return fail(out.place, "nested too deep");
    }
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return scalar(event, out);
      case YAML_SEQUENCE_START_EVENT:
        if (!undecorated(event.data.sequence_start, out.place)) return false;
        return list(out, depth);
      case YAML_MAPPING_START_EVENT:
        if (!undecorated(event.data.mapping_start, out.place)) return false;
        return mapping(out, depth);
      case YAML_ALIAS_EVENT:
        return fail(out.place, "an alias, which is not allowed here");
      default:
        return fail(out.place, "not a value");
    }
  }

  template <class Start>
  bool undecorated(const Start& start, YamlPlace place) {
    if (start.anchor != nullptr) return fail(place, "an anchor, which is not allowed here");
    if (start.tag != nullptr) return fail(place, "a tag, which is not allowed here");
    return true;
  }

  bool scalar(const yaml_event_t& event, YamlNode& out) {
    if (!undecorated(event.data.scalar, out.place)) return false;
    out.kind = YamlNode::Kind::scalar;
    out.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                    event.data.scalar.length);
    out.plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return true;
  }

  bool list(YamlNode& out, std::size_t depth) {
    out.kind = YamlNode::Kind::list;
    for (;;) {
      const yaml_event_t* event = next();
      if (event == nullptr) return false;
      if (event->type == YAML_SEQUENCE_END_EVENT) return true;
      if (!node(*event, out.items.emplace_back(), depth + 1)) return false;
    }
  }

  bool mapping(YamlNode& out, std::size_t depth) {
    out.kind = YamlNode::Kind::mapping;
    std::set<std::string> keys;
    for (;;) {
      const yaml_event_t* event = next();
      if (event == nullptr) return false;
      if (event->type == YAML_MAPPING_END_EVENT) return true;
      YamlMember& member = out.members.emplace_back();
      const bool is_scalar = event->type == YAML_SCALAR_EVENT;
      if (!is_scalar) return fail(place_of(*event), "a key that is not a text");
      if (!node(*event, member.key, depth + 1)) return false;
      if (member.key.plain && member.key.text == "<<") {
        return fail(member.key.place, "a merge key, which is not allowed here");
      }
      if (!keys.insert(member.key.text).second) {
        return fail(member.key.place, "the key \"" + member.key.text + "\" is there twice");
      }
      event = next();
      if (event == nullptr || !node(*event, member.value, depth + 1)) return false;
    }
  }

  YamlBudget budget_;
  YamlEvents events_;
  YamlProblem problem_;
};

}  // namespace

// What is quoted from the text may be long, and may hold what a terminal would obey.
std::string YamlProblem::message() const {
  constexpr std::size_t kLongest = 300;
  std::string text = problem;
  if (text.size() > kLongest) text = replace_invalid_utf8(text.substr(0, kLongest)) + "...";
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  if (place.line == 0) return text;
  return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": " +
         text;
}

bool YamlNode::is_null() const {
  return kind == Kind::scalar && plain &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::expected<YamlNode, YamlProblem> parse_yaml_tree(std::string_view text) {
  return TreeReader(text).read();
}

}  // namespace chartmuseum::encoding
