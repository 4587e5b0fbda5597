// SPDX-License-Identifier: Apache-2.0
#include "repository/object_changes.hpp"

#include <cstddef>
#include <limits>
#include <utility>

namespace chartmuseum::repository {

namespace {

using storage::ObjectInfo;
using storage::PutCondition;
using storage::Result;

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

bool same(const ObjectState& left, const ObjectState& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  return left->same_content(*right);
}

void log_not_undone(const Tenant& tenant, std::string_view file_name, std::string_view why) {
  tenant.log.error(
      "Part of a failed change could not be taken back",
      {{"repo", std::string_view(tenant.name)}, {"package", file_name}, {"error", why}});
}

/// One part on its way into the storage.
struct Step {
  ObjectPart part;
  ObjectState before;
  std::string old_bytes;  // of an object that is overwritten, while another part is to follow
};

Task<> undo(const Tenant& tenant, const Step& step) {
  const std::string key = tenant.key(step.part.file_name);
  if (step.before) {
    const auto restored = co_await tenant.store->put(key, step.old_bytes, PutCondition::overwrite);
    if (!restored) log_not_undone(tenant, step.part.file_name, restored.error().detail);
  } else {
    const auto removed = co_await tenant.store->remove(key);
    if (!removed) log_not_undone(tenant, step.part.file_name, removed.error().detail);
  }
}

/// Whether a put that failed stored its bytes nevertheless. If the storage does not say, no.
Task<bool> happened(const Tenant& tenant, const Step& step) {
  auto now = co_await tenant.store->get(tenant.key(step.part.file_name), kNoLimit);
  co_return now && *now && (*now)->bytes == step.part.bytes &&
      !same(step.before, ObjectState((*now)->info));
}

}  // namespace

Task<Outcome<std::vector<ObjectState>>> stat_objects(const Tenant& tenant,
                                                     std::vector<std::string> file_names) {
  std::vector<ObjectState> states;
  for (const std::string& file_name : file_names) {
    auto state = co_await tenant.store->stat(tenant.key(file_name));
    if (!state) co_return refuse(std::move(state.error()), file_name);
    states.push_back(*std::move(state));
  }
  co_return states;
}

Task<Outcome<std::vector<ObjectInfo>>> store_objects(const Tenant& tenant,
                                                     std::vector<ObjectPart> parts,
                                                     std::vector<ObjectState> before,
                                                     bool overwrite) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Step& step = steps.emplace_back();
    step.part = std::move(parts[i]);
    if (i < before.size()) step.before = std::move(before[i]);
    if (!overwrite || !step.before || i + 1 == parts.size()) continue;
    auto old = co_await tenant.store->get(tenant.key(step.part.file_name), kNoLimit);
    if (!old) co_return refuse(std::move(old.error()), step.part.file_name);
    if (*old) {
      step.old_bytes = std::move((*old)->bytes);
    } else {
      step.before.reset();  // gone meanwhile
    }
  }

  const PutCondition condition = overwrite ? PutCondition::overwrite : PutCondition::create_only;
  std::vector<ObjectInfo> stored;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const ObjectPart& part = steps[i].part;
    storage::Content content(part.bytes);
    content.set_digest(part.digest);
    Result<ObjectInfo> put =
        co_await tenant.store->put(tenant.key(part.file_name), std::move(content), condition);
    if (put) {
      stored.push_back(*std::move(put));
      continue;
    }
    bool stored_nevertheless = false;
    if (steps.size() > 1 && put.error().kind != storage::FailureKind::conflict) {
      stored_nevertheless = co_await happened(tenant, steps[i]);
    }
    const bool all_stored = stored_nevertheless && i + 1 == steps.size();
    if (!all_stored) {
      for (std::size_t done = stored_nevertheless ? i + 1 : i; done-- > 0;) {
        co_await undo(tenant, steps[done]);
      }
    }
    co_return refuse(std::move(put.error()), part.file_name);
  }
  co_return stored;
}

Task<Outcome<bool>> remove_package(const Tenant& tenant, std::string file_name) {
  const std::string key = tenant.key(file_name);
  const std::string provenance_key = key + ".prov";
  auto package = co_await tenant.store->stat(key);
  if (!package) co_return refuse(std::move(package.error()), file_name);
  if (!*package) co_return false;

  // The provenance file goes first: a failure in between can be repaired, by whoever tries again
  // too, while one that stayed behind would be in the way of the next upload.
  auto provenance = co_await tenant.store->get(provenance_key, kNoLimit);
  if (!provenance) co_return refuse(std::move(provenance.error()), file_name);
  std::optional<storage::Failure> failure;
  if (*provenance) {
    auto removed = co_await tenant.store->remove(provenance_key);
    if (!removed) failure = std::move(removed.error());
  }
  if (!failure) {
    auto removed = co_await tenant.store->remove(key);
    if (removed) co_return true;
    failure = std::move(removed.error());
    const auto left = co_await tenant.store->stat(key);
    if (left && !*left) co_return true;  // it happened nevertheless
  }
  if (*provenance) {
    const auto restored =
        co_await tenant.store->put(provenance_key, (*provenance)->bytes, PutCondition::create_only);
    if (!restored && restored.error().kind != storage::FailureKind::conflict) {
      log_not_undone(tenant, file_name + ".prov", restored.error().detail);
    }
  }
  co_return refuse(*std::move(failure), file_name);
}

}  // namespace chartmuseum::repository
