// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/task.hpp"
#include "repository/index_writer.hpp"
#include "repository/keyed_lock.hpp"
#include "repository/object_reader.hpp"
#include "repository/outage.hpp"
#include "repository/publication.hpp"
#include "repository/refusal.hpp"
#include "repository/statefile_writer.hpp"
#include "repository/strand_signal.hpp"
#include "repository/tenant.hpp"
#include "storage/object_store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::repository {

/// Keeps the index equal to the folder, whoever changes it: watches it, compares it with what the
/// inventory knows, and reads what differs. Works off what it is told in one background task,
/// so that many who ask at once cost one comparison. A folder that nothing watches is compared
/// again each settings.cache_interval, whether anybody asks or not. On the tenant's strand.
///
/// Safe beside pushes: an object is looked at and its news is entered while its key is locked, as
/// a push does from before its first step to after its last.
///
/// While the storage cannot be read it is asked again and again, less and less often, and by nobody
/// else: who asks is told so at once.
class Reconciler {
 public:
  Reconciler(Tenant& tenant, Publication& publication, IndexWriter& writer, KeyedLock& locks,
             StatefileWriter& statefile);

  /// These objects may have changed.
  void note(const storage::FolderChange& change);

  /// From here to end_change() this server changes these objects, with their keys locked, and
  /// enters the news itself. What a listing says of them that was taken meanwhile is not to be
  /// trusted, and what the watch tells of them waits for the end: it is our own doing as a rule,
  /// and nobody who asks for the index is to wait for somebody else's push.
  void begin_change(const std::vector<std::string>& file_names);
  /// With the keys unlocked again.
  void end_change(const std::vector<std::string>& file_names);

  /// Returns when the index shows all changes that were made before the call, as far as a full
  /// comparison of the folder, or without `full` what has been noted, can tell; or when
  /// settings.index_wait is over; or at once while the storage cannot be read. Until there is a
  /// first index, every comparison is a full one.
  Task<Outcome<void>> catch_up(bool full);

  /// Starts a full comparison in the background.
  void compare_soon();

  /// Whether the storage failed to hand out this object when it was last asked. Such objects are
  /// asked for again, less and less often, until they can be had or are gone.
  [[nodiscard]] bool failed_to_read(const std::string& file_name) const {
    return reader_.unread().contains(file_name);
  }

  /// Stops what goes on, soon, and starts nothing any more.
  void stop();
  /// Returns when nothing goes on.
  Task<> stopped();

 private:
  [[nodiscard]] bool first_is_under_way() const;
  void start();
  void read_again_later();
  void compare_after(std::chrono::nanoseconds delay);
  void end_run(bool full);
  Task<> run(std::shared_ptr<void> alive);
  Task<Outcome<void>> reconcile(bool full, std::set<std::string> names);
  Task<Outcome<void>> compare(std::set<std::string> names);
  Task<Outcome<void>> check_first();
  Task<> watch_folder();
  Task<std::vector<Question>> questions_of(std::vector<storage::ObjectInfo> listing);
  Task<> restore_from_statefile(const std::vector<storage::ObjectInfo>& listing,
                                std::vector<bool>& done);
  Task<> take_times(std::vector<storage::ObjectInfo> retimed);
  [[nodiscard]] bool being_changed(const std::string& file_name) const;

  Tenant& tenant_;
  Publication& publication_;
  IndexWriter& writer_;
  KeyedLock& locks_;
  StatefileWriter& statefile_;
  std::set<std::string> touched_;  // by pushes, since the listing began
  ObjectReader reader_;
  Outage outage_;

  // What is to be done, and how much of it is.
  bool full_ = false;
  std::set<std::string> noted_;
  std::multiset<std::string> changing_;
  std::set<std::string> put_off_;  // noted while they are changing
  std::uint64_t changes_noted_ = 0;
  std::uint64_t requested_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t completed_ = 0;
  Outcome<void> last_;
  StrandSignal progress_;
  bool running_ = false;
  bool stopping_ = false;

  bool blind_ = false;  // neither a watch nor a stamp tells of changes
  bool statefile_read_ = false;
  bool listing_ = false;      // a listing is on its way or being entered
  std::size_t restored_ = 0;  // entries that came from the statefile
  boost::asio::steady_timer comparing_again_;
  bool waits_for_storage_ = false;  // that timer, because it failed
  bool answers_again_ = false;      // it failed, but has just given a listing
  boost::asio::steady_timer reading_again_;
  bool reads_again_ = false;  // when that timer ends
  std::size_t read_again_failures_ = 0;
};

}  // namespace chartmuseum::repository
