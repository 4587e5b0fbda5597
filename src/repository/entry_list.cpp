// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_list.hpp"

#include "encoding/natural_order.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chartmuseum::repository {

namespace {

constexpr std::string_view kYamlSeparator = "  - ";
// A key that cannot stand before a ":" on its own line is introduced by "? ", and libyaml
// indents the sequence below it.
constexpr std::string_view kComplexKey = "  ? ";
constexpr std::string_view kYamlComplexSeparator = "    - ";
constexpr std::string_view kJsonSeparator = ",";
// Of a JSON opening, what ends the chart before.
constexpr std::size_t kJsonClosing = std::string_view("],").size();

/// The separators as ropes want them.
std::shared_ptr<const std::string> shared_text(std::string_view text) {
  return std::make_shared<const std::string>(text);
}

}  // namespace

std::string_view EntryList::Leaf::body(std::size_t item) const {
  return std::string_view(*text).substr(items[item].begin, items[item].end - items[item].begin);
}

const encoding::DeflatedText& EntryList::Leaf::deflated() const {
  std::call_once(deflating_, [this] {
    deflated_ = encoding::deflate(std::string_view(*text).substr(items.front().begin));
  });
  return deflated_;
}

std::string_view EntryList::Leaf::opening(std::size_t item) const {
  const std::size_t begin = item == 0 ? 0 : items[item - 1].end;
  return std::string_view(*text).substr(begin, items[item].begin - begin);
}

bool EntryList::name_before(EntryFormat format, std::string_view left, std::string_view right) {
  if (format == EntryFormat::yaml) {
    if (const auto order = encoding::natural_order(left, right); order != 0) return order < 0;
  }
  return left < right;
}

std::string_view EntryList::separator(EntryFormat format, std::string_view opening) {
  if (format == EntryFormat::json) return kJsonSeparator;
  return opening.starts_with(kComplexKey) ? kYamlComplexSeparator : kYamlSeparator;
}

void EntryList::append_bodies(Rope& rope, Range range, std::size_t from) const {
  for (std::size_t at = range.begin.leaf; at < leaves_.size() && at <= range.end.leaf; ++at) {
    const Leaf& leaf = *leaves_[at];
    std::size_t end = leaf.text->size();
    if (at == range.end.leaf) {
      if (range.end.item == 0) break;
      end = leaf.items[range.end.item - 1].end;
    }
    if (at != range.begin.leaf) {
      from = 0;
      if (continues(at)) {
        from = leaf.items.front().begin;
        const std::string_view opening = leaf.opening(0);
        const std::string_view between = separator(format_, opening);
        // Where the opening ends as the separator does, the leaf stays one piece.
        if (opening.ends_with(between)) {
          from -= between.size();
        } else {
          rope.append(shared_text(between));
        }
      }
    }
    rope.append(leaf.text, std::string_view(*leaf.text).substr(from, end - from));
  }
}

Rope EntryList::text() const {
  Rope rope;
  if (empty()) return rope;
  append_bodies(rope, {.begin = {}, .end = end()}, format_ == EntryFormat::json ? kJsonClosing : 0);
  return rope;
}

Rope EntryList::charts(Range range) const {
  Rope rope;
  if (range.begin == range.end) return rope;
  const Leaf& first = *leaves_[range.begin.leaf];
  const auto opening =
      static_cast<std::size_t>(first.opening(range.begin.item).data() - first.text->data());
  append_bodies(rope, range, opening + (format_ == EntryFormat::json ? kJsonClosing : 0));
  return rope;
}

Rope EntryList::bodies(Range range) const {
  Rope rope;
  if (range.begin == range.end) return rope;
  append_bodies(rope, range, leaves_[range.begin.leaf]->items[range.begin.item].begin);
  return rope;
}

Rope EntryList::body(Position position) const {
  return bodies({.begin = position, .end = {position.leaf, position.item + 1}});
}

const ChartVersionPointer& EntryList::version(Position position) const {
  return leaves_[position.leaf]->items[position.item].version;
}

EntryList::Position EntryList::next(Position position) const {
  if (++position.item < leaves_[position.leaf]->items.size()) return position;
  return {position.leaf + 1, 0};
}

EntryList::Position EntryList::chart_begin(std::size_t number) const {
  for (std::size_t at = 0; at < leaves_.size(); ++at) {
    const Leaf& leaf = *leaves_[at];
    const std::size_t charts = leaf.inner_charts + (continues(at) ? 0 : 1);
    if (number >= charts) {
      number -= charts;
      continue;
    }
    bool begins = !continues(at);
    for (std::size_t item = 0; item < leaf.items.size(); ++item) {
      if (item > 0) begins = leaf.items[item].version->name != leaf.items[item - 1].version->name;
      if (begins && number-- == 0) return {at, item};
    }
  }
  return end();
}

template <class Before>
EntryList::Position EntryList::first_not(Before before) const {
  // The last leaf that begins with an entry before; what is sought stands in it or behind it.
  auto leaf = std::ranges::partition_point(leaves_, [&before](const LeafPointer& candidate) {
    return before(*candidate->items.front().version);
  });
  if (leaf == leaves_.begin()) return {0, 0};
  --leaf;
  const auto item = std::ranges::partition_point(
      (*leaf)->items,
      [&before](const Leaf::Item& candidate) { return before(*candidate.version); });
  const auto at = static_cast<std::size_t>(leaf - leaves_.begin());
  if (item == (*leaf)->items.end()) return {at + 1, 0};
  return {at, static_cast<std::size_t>(item - (*leaf)->items.begin())};
}

std::optional<EntryText> EntryList::entry(const ChartVersion& version) const {
  const auto is_it = [&version](const Leaf::Item& item) {
    return item.version->name == version.name && item.version->version == version.version;
  };
  Position found = first_not([this, &version](const ChartVersion& other) {
    if (other.name != version.name) return name_before(format_, other.name, version.name);
    return newer(other, version);
  });
  if (found == end() || !is_it(leaves_[found.leaf]->items[found.item])) {
    // Perhaps one of the names for which the natural order leads astray.
    found = end();
    for (std::size_t at = 0; at < leaves_.size() && found == end(); ++at) {
      const auto& items = leaves_[at]->items;
      const auto item = std::ranges::find_if(items, is_it);
      if (item != items.end()) found = {at, static_cast<std::size_t>(item - items.begin())};
    }
    if (found == end()) return std::nullopt;
  }
  const Leaf& leaf = *leaves_[found.leaf];
  std::size_t first = found.item;
  while (first > 0 && leaf.items[first - 1].version->name == version.name) --first;
  return EntryText{.opening = std::string(leaf.opening(first)),
                   .body = std::string(leaf.body(found.item))};
}

std::optional<EntryList::Range> EntryList::chart(std::string_view name) const {
  const Position begin = first_not([name](const ChartVersion& entry) { return entry.name < name; });
  if (begin == end() || version(begin)->name != name) return std::nullopt;
  return Range{.begin = begin,
               .end = first_not([name](const ChartVersion& entry) { return entry.name <= name; })};
}

std::optional<EntryList::Position> EntryList::find(std::string_view name,
                                                   std::string_view version_text) const {
  const auto precedence = chart::Version::parse(version_text);
  if (!precedence) return std::nullopt;
  const Position found = first_not([&](const ChartVersion& entry) {
    if (entry.name != name) return entry.name < name;
    return newer(entry.precedence, entry.version, *precedence, version_text);
  });
  if (found == end()) return std::nullopt;
  const ChartVersion& entry = *version(found);
  if (entry.name != name || entry.version != version_text) return std::nullopt;
  return found;
}

}  // namespace chartmuseum::repository
