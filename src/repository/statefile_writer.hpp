// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/publication.hpp"
#include "repository/strand_signal.hpp"
#include "repository/tenant.hpp"

#include <cstddef>
#include <memory>

namespace chartmuseum::repository {

/// Writes the statefile in the background: once the index has been quiet for a moment, and so
/// seldom that under a storm of pushes no more than about a megabyte a second is written. What
/// it has not written when the process dies costs the next start some reading, nothing else; a
/// storage that is out of reach is tried again. On the tenant's strand.
class StatefileWriter {
 public:
  StatefileWriter(Tenant& tenant, Publication& publication);

  /// The index has changed.
  void changed();
  /// The statefile says what the index does: nothing is due any more.
  void set_current() { due_ = false; }

  /// Writes what is due, now, and nothing after that.
  Task<> close();

 private:
  Task<> run(std::shared_ptr<void> alive);
  Task<> write();

  Tenant& tenant_;
  Publication& publication_;
  StrandSignal changed_;
  bool due_ = false;
  bool running_ = false;
  bool closing_ = false;
  bool failed_ = false;  // the last time
  StrandSignal::Clock::time_point last_change_;
  StrandSignal::Clock::time_point first_change_;  // of those that are not written
  StrandSignal::Clock::time_point earliest_;      // for the next write
};

}  // namespace chartmuseum::repository
