// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chart/package.hpp"
#include "conformance/run_task.hpp"
#include "repository/repository.hpp"
#include "storage/memory_store.hpp"
#include "support/archives.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace chartmuseum::repository {

inline std::string package_bytes_of(const std::string& name, const std::string& version,
                                    const std::string& more = {}) {
  return testing::package({{name + "/Chart.yaml", testing::chart_yaml(name, version) + more}});
}

/// A push with the bytes that it refers to.
class Upload {
 public:
  Upload& package(const std::string& name, const std::string& version,
                  const std::string& more = {}) {
    package_ = std::make_shared<const std::string>(package_bytes_of(name, version, more));
    auto read = chart::read_package(*package_);
    if (!read) throw std::runtime_error(read.error().message);
    push_.package_part = Push::Part{read->file_name(), *package_};
    push_.package = *std::move(read);
    return *this;
  }
  Upload& provenance(const std::string& name, const std::string& version,
                     const std::string& bytes = "signed") {
    provenance_ = std::make_shared<const std::string>(bytes);
    push_.provenance_part = Push::Part{name + '-' + version + ".tgz.prov", *provenance_};
    return *this;
  }
  Upload& force() {
    push_.force = true;
    return *this;
  }

  [[nodiscard]] Push push() const { return push_; }
  [[nodiscard]] const std::string& package_bytes() const { return *package_; }

 private:
  std::shared_ptr<const std::string> package_;
  std::shared_ptr<const std::string> provenance_;
  Push push_;
};

/// A repository "org" on a store in memory.
class RepositoryTest : public ::testing::Test {
 protected:
  RepositoryTest() {
    settings.first_retry = std::chrono::milliseconds(1);
    settings.last_retry = std::chrono::milliseconds(5);
    open();
  }
  ~RepositoryTest() override { close(); }

  /// Opens the repository with the settings as they are now, as a restart would.
  void open(const storage::MemoryStore::Settings* of_store = nullptr) {
    if (of_store != nullptr) store = std::make_shared<storage::MemoryStore>(*of_store);
    close();
    repository = Repository::make(settings, "org", store, workers,
                                  telemetry::Log::to({}, [this](std::string_view line) {
                                    const std::lock_guard lock(log_mutex_);
                                    log_.emplace_back(line);
                                  }));
  }
  void close() {
    if (!repository) return;
    run_task(repository->close());
    repository.reset();
  }

  IndexPointer index() {
    auto current = run_task(repository->index());
    if (!current) throw std::runtime_error("no index: " + current.error().detail);
    return *current;
  }
  /// Whether `true_soon()` is; for what happens in the background.
  template <class Condition>
  static bool eventually(Condition true_soon) {
    for (int i = 0; i < 2000; ++i) {
      if (true_soon()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  Outcome<void> push(const Upload& upload) { return run_task(repository->push(upload.push())); }
  Outcome<void> push(const std::string& name, const std::string& version) {
    return push(Upload().package(name, version));
  }
  Outcome<void> remove(const std::string& name, const std::string& version) {
    return run_task(repository->remove(name, version));
  }
  void place(const std::string& name, const std::string& version, const std::string& file = {}) {
    store->place("org/" + (file.empty() ? package_file_name(name, version) : file),
                 package_bytes_of(name, version));
  }

  /// "file version" of what the index lists, in its order.
  std::vector<std::string> listed() { return listed_by(*index()); }
  static std::vector<std::string> listed_by(const Index& index) {
    std::vector<std::string> files;
    for (const auto& leaf : index.entries().json().leaves()) {
      for (const auto& item : leaf->items) files.emplace_back(item.version->file_name);
    }
    return files;
  }
  /// The names of what is stored, without the statefile.
  [[nodiscard]] std::vector<std::string> stored() const {
    std::vector<std::string> names;
    for (const std::string& key : store->keys()) {
      if (key != "org/index-cache.yaml") names.push_back(key.substr(key.find('/') + 1));
    }
    return names;
  }
  /// Lines of the log that hold `text`.
  std::size_t logged(std::string_view text) {
    const std::lock_guard lock(log_mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        log_, [text](const std::string& line) { return line.find(text) != std::string::npos; }));
  }

  /// The index says of every package in the storage what a fresh one would, and nothing else.
  void expect_index_equals_storage() {
    const IndexPointer current = index();
    Settings fresh_settings = settings;
    fresh_settings.statefiles = false;
    fresh_settings.watch = false;
    const auto fresh =
        Repository::make(fresh_settings, "org", store, workers, telemetry::Log::discarding());
    auto rebuilt = run_task(fresh->index());
    ASSERT_TRUE(rebuilt);
    EXPECT_EQ(current->entries().yaml().text().to_string(),
              (*rebuilt)->entries().yaml().text().to_string());
    EXPECT_EQ(current->entries().json().text().to_string(),
              (*rebuilt)->entries().json().text().to_string());
    run_task(fresh->close());
  }

  using Names = std::vector<std::string>;

  Settings settings;
  std::shared_ptr<storage::MemoryStore> store = std::make_shared<storage::MemoryStore>();
  WorkerPool workers{2};
  std::shared_ptr<Repository> repository;

 private:
  std::mutex log_mutex_;
  std::vector<std::string> log_;
};

}  // namespace chartmuseum::repository
