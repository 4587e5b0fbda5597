// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/entry_list.hpp"
#include "repository/rendered_entry.hpp"

#include <vector>

namespace chartmuseum::repository {

/// The same entries in both formats. A value; with() shares what did not change.
class Entries {
 public:
  Entries() : yaml_(EntryFormat::yaml), json_(EntryFormat::json) {}

  /// Of several changes to one chart version the last one counts.
  [[nodiscard]] Entries with(std::vector<EntryChange> changes) const;

  /// A listed entry with its texts.
  [[nodiscard]] RenderedEntry entry(ChartVersionPointer version) const;

  [[nodiscard]] const EntryList& yaml() const { return yaml_; }
  [[nodiscard]] const EntryList& json() const { return json_; }

 private:
  EntryList yaml_;
  EntryList json_;
};

}  // namespace chartmuseum::repository
