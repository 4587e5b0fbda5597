// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/rendered_entry.hpp"
#include "repository/tenant.hpp"
#include "storage/object_store.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// The index's own file beside the packages, which makes a restart cheap.
inline constexpr std::string_view kStatefileName = "index-cache.yaml";

/// An entry of the statefile that the folder confirms.
struct RestoredEntry {
  std::size_t position = 0;  // of its object in the listing
  RenderedEntry entry;
};

/// Reads the statefile, if there is one, and hands over in batches, on the strand, the entries
/// whose object is in `listing` (sorted by name) with a modification time that is the entry's
/// `created`: for these the package need not be read. Their texts are made anew, by today's
/// settings. The rest is ignored, and so is a statefile that cannot be read: the storage is the
/// truth. Runs on the strand.
Task<> read_statefile(Tenant& tenant, std::span<const storage::ObjectInfo> listing,
                      std::function<void(std::vector<RestoredEntry>)> on_entries);

}  // namespace chartmuseum::repository
