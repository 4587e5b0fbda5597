// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/inventory.hpp"
#include "repository/rendered_entry.hpp"
#include "repository/tenant.hpp"
#include "storage/object_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::repository {

/// An object of which it is to be found out what it is now.
struct Question {
  std::string file_name;
  std::optional<storage::ObjectInfo> listed;  // if a listing has just told of it
  std::optional<SeenObject> known;            // what the inventory knows of it
};

struct Finding {
  enum class Kind { unchanged, gone, package, broken, provenance, failed };

  std::string file_name;
  Kind kind = Kind::unchanged;
  storage::ObjectInfo info;                 // of package, broken, provenance
  RenderedEntry entry;                      // of package
  std::string problem;                      // of broken, for the log
  std::optional<storage::Failure> failure;  // of failed
};

/// Looks at objects in the storage and reads those that changed. Needs nothing but the storage,
/// so it runs outside of the strand; the answers are in the order of the questions.
Task<std::vector<Finding>> examine(const Tenant& tenant, std::vector<Question> questions);

}  // namespace chartmuseum::repository
