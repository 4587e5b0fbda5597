// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/examination.hpp"
#include "repository/index_writer.hpp"
#include "repository/keyed_lock.hpp"
#include "repository/refusal.hpp"
#include "repository/strand_signal.hpp"
#include "repository/tenant.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace chartmuseum::repository {

/// Finds out what objects are now, many at a time, and enters it into the inventory. Each is looked
/// at, and its news is entered, while its key is locked. One call of read() at a time. On the
/// tenant's strand.
class ObjectReader {
 public:
  /// `touched`: the objects that were changed since the listing was begun, whose questions must
  /// not rely on it any more.
  ObjectReader(Tenant& tenant, IndexWriter& writer, KeyedLock& locks,
               const std::set<std::string>& touched);

  /// Answers all questions, about different objects; with `listed`, those of a comparison with a
  /// listing of the folder. Fails if the storage goes away in the middle: then some were not asked.
  /// Single objects that fail are no failure, but counted.
  Task<Outcome<void>> read(std::vector<Question> questions, bool listed);

  /// Of the last read(): how many objects were asked for, and how many of them failed.
  [[nodiscard]] std::size_t answered() const { return answered_; }
  [[nodiscard]] std::size_t failures() const { return failures_; }
  /// What the last one of all failed with.
  [[nodiscard]] const Refused& last_failure() const { return last_failure_; }
  /// Packages that were read since the beginning.
  [[nodiscard]] std::size_t packages() const { return packages_; }

  /// The objects that the storage failed to hand out when they were last asked for.
  [[nodiscard]] const std::set<std::string>& unread() const { return unread_; }

  /// Lets read() end soon.
  void stop() { stopping_ = true; }

 private:
  Task<> answer(std::vector<Question> questions);
  Task<std::vector<Question>> drop_unchanged(std::vector<Question> questions);
  void enter(Finding finding);
  void enter_failure(const std::string& name, storage::Failure failure);
  void report_progress(std::size_t all);
  void report_unnamed();
  [[nodiscard]] std::size_t parallel() const;
  [[nodiscard]] std::size_t at_once(std::size_t questions) const;

  Tenant& tenant_;
  IndexWriter& writer_;
  KeyedLock& locks_;
  const std::set<std::string>& touched_;

  bool listed_ = false;
  std::set<std::string> unread_;
  std::size_t answered_ = 0;
  std::size_t failures_ = 0;
  std::size_t failures_in_a_row_ = 0;
  std::size_t unnamed_ = 0;  // failures without a line of their own
  Refused last_failure_;
  std::size_t packages_ = 0;
  bool stopping_ = false;
  StrandSignal::Clock::time_point next_report_;
};

}  // namespace chartmuseum::repository
