// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/task.hpp"
#include "repository/refusal.hpp"
#include "repository/tenant.hpp"
#include "storage/object_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// One object of those that belong together.
struct ObjectPart {
  std::string file_name;
  std::string_view bytes;
  std::optional<Digest> digest;  // for the store, see large_package.hpp
};

/// What is stored of an object, if anything.
using ObjectState = std::optional<storage::ObjectInfo>;

/// How the objects `file_names` are in the storage now, in that order.
Task<Outcome<std::vector<ObjectState>>> stat_objects(const Tenant& tenant,
                                                     std::vector<std::string> file_names);

/// Stores all `parts`, in order, or none: if one fails, what those before it changed is taken
/// back, so that the storage is as it was (`before`, in the same order; needed for two parts and
/// more). A failure may hide that the storage did what it was asked: then nothing is taken back
/// if that was the last part, because all is stored. Returns what is stored now.
Task<Outcome<std::vector<storage::ObjectInfo>>> store_objects(const Tenant& tenant,
                                                              std::vector<ObjectPart> parts,
                                                              std::vector<ObjectState> before,
                                                              bool overwrite);

/// Removes a package and its provenance file, both or none; returns whether the package was there.
/// Without a package its provenance file stays.
Task<Outcome<bool>> remove_package(const Tenant& tenant, std::string file_name);

}  // namespace chartmuseum::repository
