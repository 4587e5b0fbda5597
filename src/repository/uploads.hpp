// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/index_writer.hpp"
#include "repository/keyed_lock.hpp"
#include "repository/publication.hpp"
#include "repository/push.hpp"
#include "repository/reconciler.hpp"
#include "repository/refusal.hpp"
#include "repository/tenant.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace chartmuseum::repository {

/// Why this push can never be stored, whatever the storage holds; nothing if it can.
[[nodiscard]] std::optional<Refused> check_push(const Push& push, const Settings& settings);

/// What clients change: pushes and removals, each all or nothing, under the limits of the
/// settings. On the tenant's strand; while a change waits for the storage, others go on.
class Uploads {
 public:
  Uploads(Tenant& tenant, Publication& publication, IndexWriter& writer, Reconciler& reconciler,
          KeyedLock& locks);

  /// `push` has passed check_push. With limits set, the index must be complete.
  Task<Outcome<void>> store(Push push);
  Task<Outcome<void>> remove(std::string name, std::string version);

 private:
  struct Reservation;
  struct Arrival;
  struct Change;

  Task<Outcome<void>> store_locked(Push push, std::vector<std::string> names);
  Task<Outcome<std::vector<std::string>>> files_to_remove(std::string name, std::string version);
  Task<Outcome<bool>> remove_files(std::vector<std::string> packages, std::string name,
                                   std::string version);
  Task<> evict(std::string chart, std::uint64_t arrival);
  [[nodiscard]] std::string eldest(const std::string& chart, std::uint64_t arrival) const;
  void look_again(const std::vector<std::string>& names);

  Tenant& tenant_;
  Publication& publication_;
  IndexWriter& writer_;
  Reconciler& reconciler_;
  KeyedLock& locks_;
  std::size_t reserved_ = 0;  // objects that pushes under way will add
  std::uint64_t arrivals_ = 0;
  /// Packages whose pushes have not ended, by file name, in the order in which they were stored: a
  /// push must not evict one that came after it.
  std::map<std::string, std::uint64_t, std::less<>> arriving_;
};

}  // namespace chartmuseum::repository
