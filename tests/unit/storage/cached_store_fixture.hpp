// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/cached_store.hpp"
#include "storage/memory_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::storage {

/// A cache over a bucket in memory, which sends objects in pieces, under a clock that stands still
/// until a test moves it.
class CachedStoreTest : public testing::Test {
 protected:
  ~CachedStoreTest() override {
    bucket->repair();
    store_.reset();
    workers.join();
  }

  static constexpr std::size_t kPiece = 1000;

  TemporaryFolder folder;
  WorkerPool workers{4};
  CachedStoreSettings settings{.clock = [this] { return start_ + std::chrono::seconds(second); },
                               .patience = std::chrono::minutes(5)};
  std::atomic<int> second = 0;
  std::shared_ptr<MemoryStore> bucket = [] {
    auto store = std::make_shared<MemoryStore>();
    store->open_as_streams(kPiece);
    return store;
  }();
  std::vector<std::string> log_lines;
  telemetry::Log log =
      telemetry::Log::to({}, [this](std::string_view line) { log_lines.emplace_back(line); });

  CachedStore& store() {
    if (!store_) store_ = std::make_unique<CachedStore>(settings, bucket, workers, log);
    return *store_;
  }
  void restart() {
    settle();
    store_.reset();
    // What is left in the background may hold the folder.
    workers_idle();
  }

  /// Reads to the end: the bytes, "(absent)", or what failed.
  static std::string read_all(const OpenObject& object) {
    if (const auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&object.content)) {
      return **bytes;
    }
    if (const auto* file = std::get_if<std::shared_ptr<const FileDescriptor>>(&object.content)) {
      std::string bytes(object.info.size, '\0');
      const ssize_t got = ::pread((*file)->get(), bytes.data(), bytes.size(), 0);
      bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      return bytes;
    }
    const auto& stream = std::get<std::shared_ptr<ObjectStream>>(object.content);
    std::string all;
    for (;;) {
      auto piece = run_task(stream->next());
      if (!piece) return "(broken: " + piece.error().detail + ")";
      if (piece->empty()) return all;
      all += *piece;
    }
  }

  Result<std::optional<OpenObject>> try_open(const std::string& key) {
    return run_task(store().open(key));
  }

  OpenObject opened(const std::string& key) {
    auto object = try_open(key);
    if (!object || !*object) throw std::runtime_error("cannot be opened: " + key);
    return std::move(**object);
  }

  std::string open(const std::string& key) {
    const auto object = try_open(key);
    if (!object) return "(failed: " + object.error().detail + ")";
    if (!*object) return "(absent)";
    const std::string bytes = read_all(**object);
    settle();
    return bytes;
  }

  void put(const std::string& key, const std::string& bytes,
           PutCondition condition = PutCondition::overwrite) {
    ASSERT_TRUE(run_task(store().put(key, bytes, condition)));
  }

  /// What was begun in the background has ended: whatever it was, it has been asked of the workers
  /// by now, and is short.
  void settle() {
    for (int round = 0; round < 3; ++round) workers_idle();
  }

  [[nodiscard]] std::size_t fetches() const { return bucket->count(Operation::open); }
  [[nodiscard]] std::size_t questions() const { return bucket->count(Operation::stat); }

  /// Waits for what a coroutine on another thread is to bring about.
  template <class Condition>
  static void wait_until(const Condition& condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  void workers_idle();

  const std::chrono::steady_clock::time_point start_{};
  std::unique_ptr<CachedStore> store_;
};

/// Every worker has come to the end of what it was doing and of what was queued before.
inline void CachedStoreTest::workers_idle() {
  const std::size_t all = workers.threads();
  auto arrived = std::make_shared<std::atomic<std::size_t>>(0);
  for (std::size_t i = 0; i < all; ++i) {
    boost::asio::post(workers.executor(), [arrived, all] {
      ++*arrived;
      while (*arrived < all) std::this_thread::yield();
    });
  }
  wait_until([&] { return *arrived == all; });
}

}  // namespace chartmuseum::storage
