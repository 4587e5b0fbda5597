// SPDX-License-Identifier: Apache-2.0
#include "repository/retimed_entries.hpp"

#include "repository/entry_renderer.hpp"
#include "repository/statefile_entry.hpp"

#include <utility>

namespace chartmuseum::repository {

Task<std::vector<std::optional<RenderedEntry>>> render_again(const Tenant& tenant,
                                                             std::vector<RetimedEntry> entries) {
  EntryRenderer renderer(tenant.settings, tenant.name);
  std::vector<std::optional<RenderedEntry>> rendered;
  rendered.reserve(entries.size());
  for (const RetimedEntry& entry : entries) {
    std::optional<RenderedEntry>& again = rendered.emplace_back();
    const std::vector<StatefileEntry> read = read_statefile_entries("[" + entry.json + "]");
    if (read.size() != 1) continue;
    again = renderer.render(read.front().metadata, entry.object.name, entry.object.modified,
                            entry.version->digest);
    if (!again->version) again.reset();
  }
  co_return rendered;
}

}  // namespace chartmuseum::repository
