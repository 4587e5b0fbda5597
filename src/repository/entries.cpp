// SPDX-License-Identifier: Apache-2.0
#include "repository/entries.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace chartmuseum::repository {

namespace {

bool is_same(const ChartVersion& left, const ChartVersion& right) {
  return left.name == right.name && left.version == right.version;
}

}  // namespace

Entries Entries::with(std::vector<EntryChange> changes) const {
  // Sorted, so that neighbours are found at once and the last of several is told.
  std::ranges::stable_sort(changes, [](const EntryChange& left, const EntryChange& right) {
    const ChartVersion& a = *left.entry.version;
    const ChartVersion& b = *right.entry.version;
    return a.name != b.name ? a.name < b.name : newer(a, b);
  });
  std::vector<ListChange> yaml;
  std::vector<ListChange> json;
  yaml.reserve(changes.size());
  json.reserve(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const RenderedEntry& entry = changes[i].entry;
    if (i + 1 < changes.size() && is_same(*entry.version, *changes[i + 1].entry.version)) continue;
    const bool removed = changes[i].removed;
    yaml.push_back({.version = entry.version,
                    .text = removed ? nullptr : &entry.yaml,
                    .chart_listed = json_.chart(entry.version->name).has_value()});
    json.push_back(
        {.version = entry.version, .text = removed ? nullptr : &entry.json, .chart_listed = false});
  }
  Entries next;
  next.yaml_ = yaml_.with(yaml);
  next.json_ = json_.with(json);
  return next;
}

RenderedEntry Entries::entry(ChartVersionPointer version) const {
  auto yaml = yaml_.entry(*version);
  auto json = json_.entry(*version);
  if (!yaml || !json) throw std::logic_error("the entry is not listed");
  return {.version = std::move(version), .yaml = *std::move(yaml), .json = *std::move(json)};
}

}  // namespace chartmuseum::repository
