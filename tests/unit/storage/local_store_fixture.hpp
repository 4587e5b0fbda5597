// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/worker_pool.hpp"
#include "conformance/run_task.hpp"
#include "conformance/temporary_folder.hpp"
#include "storage/local_store.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage {

namespace fs = std::filesystem;

/// A local store on a temporary folder, and hands to change that folder with.
class LocalStoreTest : public testing::Test {
 protected:
  LocalStoreTest() : root_(folder_.path() / "root"), outside_(folder_.path() / "outside") {
    fs::create_directory(root_);
    fs::create_directory(outside_);
    store_ = make_store();
  }

  std::unique_ptr<ObjectStore> make_store() {
    return make_local_store({.root = root_}, workers_,
                            telemetry::Log::to({}, [this](std::string_view line) {
                              const std::lock_guard lock(mutex_);
                              lines_.emplace_back(line);
                            }));
  }

  [[nodiscard]] ObjectStore& store() const { return *store_; }
  [[nodiscard]] const fs::path& root() const { return root_; }
  [[nodiscard]] const fs::path& outside() const { return outside_; }
  [[nodiscard]] std::vector<std::string> log_lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  static void write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Result<ObjectInfo> put(const std::string& key, std::string_view bytes,
                         PutCondition condition = PutCondition::create_only) {
    return run_task(store().put(key, bytes, condition));
  }
  std::string get(const std::string& key) {
    auto got = run_task(store().get(key, 1 << 30));
    if (!got) return "(failed: " + got.error().detail + ")";
    return *got ? (*got)->bytes : "(absent)";
  }
  std::vector<std::string> names(const std::string& folder) {
    const auto listed = run_task(store().list(folder));
    if (!listed) return {"(failed: " + listed.error().detail + ")"};
    std::vector<std::string> names;
    for (const ObjectInfo& object : *listed) names.push_back(object.name);
    std::sort(names.begin(), names.end());
    return names;
  }
  /// All that is really there, hidden or not.
  static std::vector<std::string> entries(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  TemporaryFolder folder_;
  fs::path root_;
  fs::path outside_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  WorkerPool workers_{4};
  std::unique_ptr<ObjectStore> store_;
};

}  // namespace chartmuseum::storage
