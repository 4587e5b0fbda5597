// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/awaited.hpp"
#include "storage/landing.hpp"
#include "storage/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace chartmuseum::storage {

/// One stream from a store, read by any number at once, each as fast as it can: whoever is slow, or
/// goes away, makes no difference to the others. Nothing is fetched before somebody reads, and the
/// fetch ends when nobody is left. Thread-safe.
class SharedFetch : public std::enable_shared_from_this<SharedFetch> {
  struct Key {};

 public:
  struct Parts {
    ObjectInfo info;
    std::shared_ptr<ObjectStream> source;
    std::shared_ptr<Landing> landing;
    /// A stream of the same bytes from an offset on, for those who read when the landing breaks.
    std::function<Task<Result<std::shared_ptr<ObjectStream>>>(std::uint64_t at)> resume;
    /// Called once, when the fetch has ended or is gone unread: whether all bytes have landed,
    /// which is told on `executor`. Those who read may already have them.
    std::function<void(bool whole)> ended;
    boost::asio::any_io_executor executor;  // of threads that may block
  };

  [[nodiscard]] static std::shared_ptr<SharedFetch> make(Parts parts);
  SharedFetch(Key /*for make only*/, Parts parts) : parts_(std::move(parts)) {}
  SharedFetch(const SharedFetch&) = delete;
  SharedFetch& operator=(const SharedFetch&) = delete;
  ~SharedFetch();

  [[nodiscard]] const ObjectInfo& info() const { return parts_.info; }

  /// All of the object, from its start. A body that does not get `info().size` bytes ends with a
  /// failure. Null if the fetch has failed or was given up.
  [[nodiscard]] std::shared_ptr<ObjectStream> join();

 private:
  class Reader;
  enum class State { idle, running, whole, failed, landing_broken, given_up };

  static Task<> pump(std::shared_ptr<SharedFetch> self);
  /// True if more is to come.
  bool take(Result<std::string> piece);
  void settle(State state, Failure failure = {});
  static void wake(std::list<Awaited<bool>> waiting);
  void leave(const std::weak_ptr<OneShot<bool>>& waited_for);
  void end(bool whole);

  Parts parts_;

  std::mutex mutex_;
  State state_ = State::idle;
  Failure failure_;
  std::uint64_t landed_ = 0;
  std::size_t readers_ = 0;
  std::list<Awaited<bool>> waiting_;
};

}  // namespace chartmuseum::storage
