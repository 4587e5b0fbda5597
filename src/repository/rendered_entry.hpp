// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository/chart_version.hpp"

#include <string>

namespace chartmuseum::repository {

/// One entry's text in one format, in the two parts of which an index is put together.
struct EntryText {
  /// What stands before the first entry of its chart: in YAML the chart's key with the "- " of
  /// its first item, in JSON `],"name":[` (the very first chart of a document drops the "],").
  std::string opening;
  /// The entry itself: in YAML from after its "- " up to its last line feed, in JSON an object.
  std::string body;
};

/// One entry as it goes into the lists; the texts leave it there.
struct RenderedEntry {
  ChartVersionPointer version;
  EntryText yaml;
  EntryText json;
};

/// An entry that came or replaced one of the same name and version, or one that went (then
/// without texts).
struct EntryChange {
  RenderedEntry entry;
  bool removed = false;
};

}  // namespace chartmuseum::repository
