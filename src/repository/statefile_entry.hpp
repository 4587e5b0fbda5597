// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/timestamp.hpp"
#include "chart/metadata.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// What an index document says of one chart version. Only a claim: whether the object is there
/// and still that old is for the reader to check.
struct StatefileEntry {
  chart::Metadata metadata;
  std::string file_name;  // the last segment of its url; a valid one
  Timestamp created;
  Digest digest;
};

/// The entries in a part of a statefile as StatefileSections makes them: a YAML mapping of chart
/// names to lists of entries, or a JSON list of entries. Also takes a whole index document.
/// Entries that cannot be one (no name, a digest that is none, a field of the wrong type) are
/// left out, and so is everything if `text` cannot be read.
[[nodiscard]] std::vector<StatefileEntry> read_statefile_entries(std::string_view text);

}  // namespace chartmuseum::repository
