// SPDX-License-Identifier: Apache-2.0
#include "encoding/yaml_resolver.hpp"

#include "encoding/go_syntax.hpp"
#include "encoding/number.hpp"
#include "encoding/yaml_scalar.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace chartmuseum::encoding {

namespace {

constexpr std::size_t kMaxDepth = 10'000;  // the reference's, aliases expanded

// The reference shares a text that many aliases stand for, but not in the JSON that it then
// makes of it. This is more than any real document asks for.
constexpr std::size_t kMaxTextFromAliases = 64 << 20;

// What aliases make out of little is paid from the budget: nodes, and bytes of text.
constexpr std::uint64_t kStepsPerNode = 20;
constexpr std::uint64_t kBytesPerStep = 16;

/// The share of a document's nodes that may come from aliases: the reference's.
double allowed_alias_share(std::size_t nodes) {
  constexpr double few = 400'000;
  constexpr double many = 4'000'000;
  const auto count = static_cast<double>(nodes);
  if (count <= few) return 0.99;
  if (count >= many) return 0.10;
  return 0.99 - 0.89 * ((count - few) / (many - few));
}

/// Of members with equal keys, keeps the value of the last in the place of the first.
void drop_overridden_members(Value::Mapping& members) {
  const auto key_of = [](const Value::Member& member) -> std::string_view { return member.first; };
  const bool ascending =
      std::ranges::adjacent_find(members, std::ranges::greater_equal{}, key_of) == members.end();
  if (ascending) return;

  std::vector<std::uint32_t> order(members.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {},
                    [&](std::uint32_t at) { return std::pair(key_of(members[at]), at); });
  std::vector<bool> overridden;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const std::uint32_t first = order[i];
    while (i + 1 < order.size() && members[order[i + 1]].first == members[first].first) {
      if (overridden.empty()) overridden.resize(members.size());
      members[first].second = std::move(members[order[++i]].second);
      overridden[order[i]] = true;
    }
  }
  if (overridden.empty()) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (overridden[i]) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.erase(members.begin() + static_cast<std::ptrdiff_t>(kept), members.end());
}

Value to_value(const ResolvedScalar& scalar, std::string_view text) {
  struct Visitor {
    std::string_view text;
    Value operator()(TextScalar) const { return Value(std::string(text)); }
    Value operator()(std::nullptr_t) const { return Value(); }
    Value operator()(bool content) const { return Value(content); }
    Value operator()(std::int64_t content) const { return Value(content); }
    Value operator()(std::uint64_t content) const { return Value(content); }
    Value operator()(double content) const { return Value(content); }
  };
  return std::visit(Visitor{text}, scalar);
}

std::string float_key(double number) {
  if (std::isnan(number)) return ".nan";
  std::string text = number_in_string_field(number);
  if (text == "+Inf") return ".inf";
  if (text == "-Inf") return "-.inf";
  return text;
}

/// A key as text. One that JSON does not know is marked for find_unsupported_key: it refuses the
/// document only if nothing that follows overrides what holds it. Not for collections.
std::string key_text(Value& key) {
  struct Visitor {
    std::string operator()(std::string& text) const { return std::move(text); }
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
    std::string operator()(double number) const { return float_key(number); }
    std::string operator()(std::nullptr_t) const {
      return kUnsupportedKey + std::string("%!s(<nil>), key: <nil>");
    }
    std::string operator()(std::uint64_t integer) const {
      return kUnsupportedKey + ("uint64, key: " + go_syntax(Value(integer)));
    }
    std::string operator()(const Value::List& /*never*/) const { return {}; }
    std::string operator()(const Value::Mapping& /*never*/) const { return {}; }
  };
  return std::visit(Visitor{}, key.content());
}

std::optional<YamlError> find_unsupported_key(const Value& value) {
  if (const auto* const list = value.list()) {
    for (const Value& item : *list) {
      if (auto error = find_unsupported_key(item)) return error;
    }
  }
  if (const auto* const mapping = value.mapping()) {
    for (const auto& [key, item] : *mapping) {
      if (key.starts_with(kUnsupportedKey)) {
        return YamlError{
            0, "unsupported map key of type: " + key.substr(1) + ", value: " + go_syntax(item),
            YamlError::Step::json};
      }
      if (auto error = find_unsupported_key(item)) return error;
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<Value, YamlError> YamlResolver::resolve() {
  return resolve(document_.root());
}

std::expected<Value, YamlError> YamlResolver::resolve(NodeIndex index) {
  Value root;
  if (index == YamlDocument::kNone) return root;
  bool fine = value(index, root);
  while (fine && !open_.empty()) fine = step();
  if (!fine) return std::unexpected(std::move(*error_));
  if (has_unsupported_key_) {
    if (auto error = find_unsupported_key(root)) return std::unexpected(std::move(*error));
  }
  return root;
}

bool YamlResolver::step() {
  Open& top = open_.back();
  if (top.kind == Open::Kind::merged_list) {
    if (top.to_merge.empty()) {
      close();
      return true;
    }
    const NodeIndex item = top.to_merge.back();
    top.to_merge.pop_back();
    return merge_mapping(item, *top.members);
  }
  const NodeIndex node = top.next;
  if (node == YamlDocument::kNone) {
    close();
    return true;
  }
  top.next = document_.node(node).next;
  if (top.kind == Open::Kind::list) return value(node, top.items->emplace_back());
  top.next = document_.node(top.next).next;  // behind the member's value
  return member(node, *top.members);
}

void YamlResolver::close() {
  const Open& top = open_.back();
  if (top.kind == Open::Kind::mapping) drop_overridden_members(*top.members);
  if (top.kind == Open::Kind::mapping || top.kind == Open::Kind::list) --depth_;
  if (top.alias != YamlDocument::kNone) leave_alias(top.alias);
  open_.pop_back();
}

bool YamlResolver::value(NodeIndex index, Value& out) {
  if (!count_node()) return false;
  const Node& node = document_.node(index);
  if (node.kind == YamlDocument::Kind::scalar) return scalar(node, out);
  if (node.kind != YamlDocument::Kind::alias) return open(node, out, YamlDocument::kNone);

  if (!enter_alias(index) || !count_node()) return false;
  const Node& meant = document_.node(node.first);
  if (meant.kind != YamlDocument::Kind::scalar) return open(meant, out, index);
  const bool done = scalar(meant, out);
  leave_alias(index);
  return done;
}

bool YamlResolver::open(const Node& node, Value& out, NodeIndex alias) {
  if (++depth_ > kMaxDepth) return fail("exceeded max depth of 10000");
  if (node.kind == YamlDocument::Kind::list) {
    out = Value(Value::List());
    open_.push_back({Open::Kind::list, node.first, alias});
    open_.back().items = &std::get<Value::List>(out.content());
  } else {
    out = Value(Value::Mapping());
    open_.push_back({Open::Kind::mapping, node.first, alias});
    open_.back().members = &std::get<Value::Mapping>(out.content());
  }
  return true;
}

bool YamlResolver::scalar(const Node& node, Value& out) {
  const std::string_view text = document_.text(node);
  const std::string_view tag = document_.tag(node);
  if (!count_text(text.size())) return false;
  if (tag.empty()) {
    out = node.plain ? to_value(resolve_plain(text), text) : Value(std::string(text));
    return true;
  }
  if (tag == kBinaryTag) {
    auto decoded = decode_binary(text);
    if (!decoded) return fail(std::move(decoded.error()));
    out = Value(std::move(*decoded));
    return true;
  }
  auto resolved = resolve_tagged(tag, text);
  if (!resolved) return fail(std::move(resolved.error()));
  out = to_value(*resolved, text);
  return true;
}

bool YamlResolver::member(NodeIndex key_index, Value::Mapping& out) {
  const NodeIndex value_index = document_.node(key_index).next;
  if (is_merge(document_.node(key_index))) return merge(value_index, out);
  Value::Member& added = out.emplace_back(std::string(), Value());
  return key(key_index, added.first) && value(value_index, added.second);
}

bool YamlResolver::key(NodeIndex index, std::string& out) {
  const Node& node = document_.node(index);
  const bool is_alias = node.kind == YamlDocument::Kind::alias;
  const Node& meant = is_alias ? document_.node(node.first) : node;
  if (meant.kind != YamlDocument::Kind::scalar) {
    // Only the message needs the value, and that as little as a key within keys is worth.
    constexpr std::size_t enough = 8;
    if (key_nesting_ >= enough) return fail("invalid map key");
    const auto value = YamlResolver(document_, budget_, key_nesting_ + 1).resolve(index);
    if (value) return fail("invalid map key: " + go_syntax(*value));
    error_ = value.error();
    return false;
  }
  Value resolved;
  if (!value(index, resolved)) return false;
  out = key_text(resolved);
  if (out.starts_with(kUnsupportedKey)) has_unsupported_key_ = true;
  return true;
}

bool YamlResolver::merge(NodeIndex index, Value::Mapping& out) {
  const Node& node = document_.node(index);
  if (node.kind != YamlDocument::Kind::list) return merge_mapping(index, out);
  open_.push_back({Open::Kind::merged_list, YamlDocument::kNone, YamlDocument::kNone});
  Open& list = open_.back();
  list.members = &out;
  // What comes earlier in the list wins, so it is applied later: from the end on.
  for (NodeIndex item = node.first; item != YamlDocument::kNone; item = document_.node(item).next) {
    list.to_merge.push_back(item);
  }
  return true;
}

bool YamlResolver::merge_mapping(NodeIndex index, Value::Mapping& out) {
  const Node& node = document_.node(index);
  const bool is_alias = node.kind == YamlDocument::Kind::alias;
  const Node& meant = is_alias ? document_.node(node.first) : node;
  if (meant.kind != YamlDocument::Kind::mapping) {
    return fail("map merge requires map or sequence of maps as the value");
  }
  if (!count_node()) return false;
  if (is_alias && (!enter_alias(index) || !count_node())) return false;
  open_.push_back(
      {Open::Kind::merged_mapping, meant.first, is_alias ? index : YamlDocument::kNone});
  open_.back().members = &out;
  return true;
}

bool YamlResolver::is_merge(const Node& node) const {
  return node.kind == YamlDocument::Kind::scalar && document_.text(node) == "<<" &&
         (node.plain || document_.tag(node) == kMergeTag);
}

bool YamlResolver::enter_alias(NodeIndex index) {
  if (!open_aliases_.insert(index).second) {
    return fail("anchor '" + std::string(document_.text(document_.node(index))) +
                "' value contains itself");
  }
  return true;
}

void YamlResolver::leave_alias(NodeIndex index) {
  open_aliases_.erase(index);
}

bool YamlResolver::count_node() {
  ++nodes_;
  if (open_aliases_.empty()) return true;
  ++nodes_from_aliases_;
  if (!budget_.spend(kStepsPerNode)) return fail("document contains excessive aliasing");
  if (nodes_from_aliases_ > 100 && nodes_ > 1'000 &&
      static_cast<double>(nodes_from_aliases_) / static_cast<double>(nodes_) >
          allowed_alias_share(nodes_)) {
    return fail("document contains excessive aliasing");
  }
  return true;
}

bool YamlResolver::count_text(std::size_t size) {
  if (open_aliases_.empty()) return true;
  text_from_aliases_ += size;
  if (text_from_aliases_ > kMaxTextFromAliases || !budget_.spend(size / kBytesPerStep)) {
    return fail("document contains excessive aliasing");
  }
  return true;
}

bool YamlResolver::fail(std::string problem) {
  error_ = YamlError{0, std::move(problem)};
  return false;
}

}  // namespace chartmuseum::encoding
