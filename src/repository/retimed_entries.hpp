// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/rendered_entry.hpp"
#include "repository/tenant.hpp"
#include "storage/object_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::repository {

/// An entry whose object has the same bytes and another time than was thought: a service tells the
/// time of a new object in its listings, often to the second, and not always when it is put.
struct RetimedEntry {
  storage::ObjectInfo object;
  ChartVersionPointer version;  // as it was
  std::string json;             // the text of the entry as it was
};

/// The entries with the times of their objects, made from their own texts: no package is read. In
/// the same order; nothing for one that cannot be made.
Task<std::vector<std::optional<RenderedEntry>>> render_again(const Tenant& tenant,
                                                             std::vector<RetimedEntry> entries);

}  // namespace chartmuseum::repository
