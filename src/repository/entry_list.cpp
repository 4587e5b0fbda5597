// SPDX-License-Identifier: Apache-2.0
#include "repository/entry_list.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chartmuseum::repository {

namespace {

// Of a JSON opening, what ends the chart before.
constexpr std::size_t kJsonClosing = std::string_view("],").size();

/// The separators as ropes want them.
std::shared_ptr<const std::string> shared_text(std::string_view text) {
  return std::make_shared<const std::string>(text);
}

}  // namespace

std::size_t EntryList::branch_holding(std::size_t leaf) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(starts_, leaf) - starts_.begin()) - 1;
}

const LeafPointer& EntryList::leaf(std::size_t number) const {
  const std::size_t branch = branch_holding(number);
  return branches_[branch]->leaves[number - starts_[branch]];
}

bool EntryList::continues(std::size_t leaf) const {
  const std::size_t branch = branch_holding(leaf);
  const std::size_t within = leaf - starts_[branch];
  return within == 0 ? continues_[branch] : branches_[branch]->continues[within];
}

void EntryList::append_bodies(Rope& rope, Range range, std::size_t from) const {
  for (std::size_t at = range.begin.leaf; at < leaf_count_ && at <= range.end.leaf; ++at) {
    const Leaf& here = *leaf(at);
    std::size_t end = here.text->size();
    if (at == range.end.leaf) {
      if (range.end.item == 0) break;
      end = here.items[range.end.item - 1].end;
    }
    if (at != range.begin.leaf) {
      from = 0;
      if (continues(at)) {
        from = here.items.front().begin;
        const std::string_view opening = here.opening(0);
        const std::string_view between = entry_separator(format_, opening);
        // Where the opening ends as the separator does, the leaf stays one piece.
        if (opening.ends_with(between)) {
          from -= between.size();
        } else {
          rope.append(shared_text(between));
        }
      }
    }
    rope.append(here.text, std::string_view(*here.text).substr(from, end - from));
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
  const Leaf& first = *leaf(range.begin.leaf);
  const auto opening =
      static_cast<std::size_t>(first.opening(range.begin.item).data() - first.text->data());
  append_bodies(rope, range, opening + (format_ == EntryFormat::json ? kJsonClosing : 0));
  return rope;
}

Rope EntryList::bodies(Range range) const {
  Rope rope;
  if (range.begin == range.end) return rope;
  append_bodies(rope, range, leaf(range.begin.leaf)->items[range.begin.item].begin);
  return rope;
}

Rope EntryList::body(Position position) const {
  return bodies({.begin = position, .end = {position.leaf, position.item + 1}});
}

const ChartVersionPointer& EntryList::version(Position position) const {
  return leaf(position.leaf)->items[position.item].version;
}

EntryList::Position EntryList::next(Position position) const {
  if (++position.item < leaf(position.leaf)->items.size()) return position;
  return {position.leaf + 1, 0};
}

EntryList::Position EntryList::chart_begin(std::size_t number) const {
  for (std::size_t branch = 0; branch < branches_.size(); ++branch) {
    const std::size_t charts = branches_[branch]->charts - (continues_[branch] ? 1 : 0);
    if (number >= charts) {
      number -= charts;
      continue;
    }
    for (std::size_t at = starts_[branch];; ++at) {
      const Leaf& here = *leaf(at);
      bool begins = !continues(at);
      const std::size_t of_leaf = here.inner_charts + (begins ? 1 : 0);
      if (number >= of_leaf) {
        number -= of_leaf;
        continue;
      }
      for (std::size_t item = 0;; ++item) {
        if (item > 0) begins = here.items[item].version->name != here.items[item - 1].version->name;
        if (begins && number-- == 0) return {at, item};
      }
    }
  }
  return end();
}

EntryList::Position EntryList::first_not(const Before& before) const {
  // The last branch, and in it the last leaf, that begins with an entry before; what is sought
  // stands in it or right behind it.
  const auto branch = std::ranges::partition_point(
      branches_, [&before](const BranchPointer& candidate) { return before(candidate->first()); });
  if (branch == branches_.begin()) return {0, 0};
  const std::vector<LeafPointer>& leaves = (*std::prev(branch))->leaves;
  const auto behind = std::ranges::partition_point(
      leaves, [&before](const LeafPointer& candidate) { return before(candidate->first()); });
  const auto here = std::prev(behind);
  const auto item = std::ranges::partition_point(
      (*here)->items,
      [&before](const Leaf::Item& candidate) { return before(*candidate.version); });
  const std::size_t at = starts_[static_cast<std::size_t>(branch - branches_.begin()) - 1] +
                         static_cast<std::size_t>(here - leaves.begin());
  if (item == (*here)->items.end()) return {at + 1, 0};
  return {at, static_cast<std::size_t>(item - (*here)->items.begin())};
}

std::optional<EntryText> EntryList::entry(const ChartVersion& version) const {
  const auto is_it = [&version](const Leaf::Item& item) {
    return item.version->name == version.name && item.version->version == version.version;
  };
  Position found = first_not([this, &version](const ChartVersion& other) {
    return entry_before(format_, other, version);
  });
  if (found == end() || !is_it(leaf(found.leaf)->items[found.item])) {
    // Perhaps one of the names for which the natural order leads astray.
    found = end();
    for (std::size_t at = 0; at < leaf_count_ && found == end(); ++at) {
      const auto& items = leaf(at)->items;
      const auto item = std::ranges::find_if(items, is_it);
      if (item != items.end()) found = {at, static_cast<std::size_t>(item - items.begin())};
    }
    if (found == end()) return std::nullopt;
  }
  const Leaf& here = *leaf(found.leaf);
  std::size_t first = found.item;
  while (first > 0 && here.items[first - 1].version->name == version.name) --first;
  return EntryText{.opening = std::string(here.opening(first)),
                   .body = std::string(here.body(found.item))};
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
