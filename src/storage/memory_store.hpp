// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

enum class Operation { get, open, stat, put, remove, list, folder_stamp, get_start, download_url };

/// Objects in memory, for tests of what stands on a store: with everything that a real one can
/// do to its user at the worst moment. Thread-safe.
class MemoryStore final : public ObjectStore {
 public:
  struct Settings {
    bool etags = true;
    bool watchable = true;
    bool stamps = true;
    bool digests = false;  // kept of what is put
    std::size_t reads_at_once = 0;
    std::chrono::nanoseconds clock_tick{0};  // > 0: listings tell times cut to whole ticks
    std::string url_base = {};               // of download URLs; empty: it has none
    std::function<Timestamp()> clock = now;
  };

  MemoryStore();
  explicit MemoryStore(Settings settings);
  ~MemoryStore() override;

  Task<Result<std::optional<Object>>> get(std::string key, std::uint64_t limit) override;
  [[nodiscard]] bool knows_digests() const override;
  [[nodiscard]] std::size_t reads_at_once() const override;
  Task<Result<std::optional<ObjectStart>>> get_start(std::string key, std::uint64_t size) override;
  Task<Result<std::optional<OpenObject>>> open(std::string key) override;
  Task<Result<std::optional<ObjectInfo>>> stat(std::string key) override;
  Task<Result<ObjectInfo>> put(std::string key, Content content, PutCondition condition) override;
  Task<Result<bool>> remove(std::string key) override;
  Task<Result<std::vector<ObjectInfo>>> list(std::string folder) override;
  std::unique_ptr<FolderWatch> watch(std::string folder, OnChange on_change) override;
  Task<Result<std::optional<std::string>>> folder_stamp(std::string folder) override;
  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override;

  // What is in it. None of these counts as an operation or meets a fault.

  [[nodiscard]] std::vector<std::string> keys() const;  // sorted
  [[nodiscard]] std::optional<std::string> bytes(const std::string& key) const;
  [[nodiscard]] std::optional<ObjectInfo> info(const std::string& key) const;

  // What somebody else does to the same storage. Watches notice.

  void place(const std::string& key, std::string bytes, std::optional<Timestamp> modified = {});
  void take_away(const std::string& key);

  // What was asked of it, in order, since the last call of forget_calls().

  struct Call {
    Operation operation;
    std::string key;  // or folder
    bool operator==(const Call&) const = default;
  };
  [[nodiscard]] std::vector<Call> calls() const;
  [[nodiscard]] std::size_t count(Operation operation) const;
  /// The most calls of `operation` that were under way at the same time, since then.
  [[nodiscard]] std::size_t most_at_once(Operation operation) const;
  void forget_calls();

  // Faults.

  /// Whether a failing put or remove happens all the same, as when only its acknowledgement is
  /// lost on the way.
  enum class Effect { none, done };
  /// Fails the `nth` call of `operation` from now on (1: the next) once.
  void fail(Operation operation, Failure failure, std::size_t nth = 1,
            Effect effect = Effect::none);
  /// Fails all of them until repair().
  void fail_always(Operation operation, Failure failure);
  /// Fails the calls whose key this is, until repair().
  void fail_key(const std::string& key, Failure failure);
  /// Lets `calls` more operations of any kind begin, then fails all as unavailable until repair():
  /// what is stored stays as it is at this moment, as when the process dies there. To be tried
  /// for every number until the tested code succeeds.
  void stop_after(std::size_t calls);
  /// Every open() yields a stream of pieces of this size; with `broken_after`, one that fails once
  /// it has yielded that many bytes.
  void open_as_streams(std::size_t piece_size, std::optional<std::size_t> broken_after = {});
  /// Each call takes this long.
  void delay(Operation operation, std::chrono::nanoseconds duration);
  /// Ends all faults and delays.
  void repair();

  /// Holds up the next call of `operation` (of `key`, unless that is empty) before it has any
  /// effect, so that a test can do something else in between. To be released before the test ends.
  class Hold {
   public:
    /// Ends once a call has arrived.
    Task<> reached();
    void release();

    struct State;

   private:
    friend class MemoryStore;
    explicit Hold(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };
  [[nodiscard]] Hold hold(Operation operation, std::string key = {});
  /// The same for the next list() of `folder`, when its listing is made: it arrives late, and tells
  /// what was before.
  [[nodiscard]] Hold hold_listing(std::string folder);

  // Watches. Changes are told at once, on the thread that makes them, unless they are held up.

  /// Changes wait, and up_to_date() is false if there are any, until tell_changes().
  void hold_changes();
  void tell_changes();
  /// Tells every watch that everything may have changed (and what was held up is lost).
  void overflow();
  /// Ends every watch as when the system's limit is reached.
  void lose_watches();
  [[nodiscard]] std::size_t watches() const;

 private:
  struct State;
  class Watch;

  Task<std::optional<Failure>> begin(Operation operation, std::string key, bool* done);
  static Task<> wait_at(std::shared_ptr<Hold::State> hold);

  std::shared_ptr<State> state_;
};

}  // namespace chartmuseum::storage
