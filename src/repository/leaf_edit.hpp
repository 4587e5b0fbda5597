// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/leaf.hpp"

#include <span>
#include <vector>

namespace chartmuseum::repository {

/// A change to a list of entries.
struct ListChange {
  ChartVersionPointer version;
  const EntryText* text = nullptr;  // null: remove; else put in, or replace
  /// Whether the list may already hold entries of this chart. See edit_leaves.
  bool chart_listed = false;
};

/// `leaves` with changes applied: those that are touched are loosened into entries and put
/// together anew, the others are shared. Costs a step for each leaf, and the copy of the touched
/// ones' texts.
///
/// Places are found by binary search. In natural order that may miss a chart, because the
/// reference's order is not transitive; so where a chart is known to be listed and is not where
/// the search says, it is looked for entry by entry. A chart must never stand in two places: its
/// key would be there twice.
[[nodiscard]] std::vector<LeafPointer> edit_leaves(EntryFormat format,
                                                   std::span<const LeafPointer> leaves,
                                                   std::span<const ListChange> changes);

}  // namespace chartmuseum::repository
