// SPDX-License-Identifier: Apache-2.0
// Over the folders of real packages beside the checkout, where there are any.
#include "conformance/run_task.hpp"
#include "repository/repository.hpp"
#include "storage/local_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>

namespace chartmuseum::repository {
namespace {

namespace fs = std::filesystem;

class RealCharts : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path charts = CHARTMUSEUM_SHARED_CHARTS;
    if (!fs::is_directory(charts)) GTEST_SKIP() << "no real packages in " << charts;
    root = fs::temp_directory_path() / ("chartmuseum-real-" + std::to_string(::getpid()));
    fs::create_directories(root);
    for (const auto& folder : fs::directory_iterator(charts)) {
      for (const auto& file : fs::directory_iterator(folder)) {
        if (file.path().extension() != ".tgz") continue;
        fs::copy_file(file, root / file.path().filename(), fs::copy_options::skip_existing);
      }
    }
    for (const auto& file : fs::directory_iterator(root))
      packages += file.is_regular_file() ? 1U : 0U;
    store = storage::make_local_store({.root = root}, workers, telemetry::Log::discarding());
  }
  void TearDown() override { fs::remove_all(root); }

  /// Builds the index in a repository of its own and closes that.
  IndexPointer build(const Settings& settings = {}) {
    const auto repository =
        Repository::make(settings, "", store, workers, telemetry::Log::discarding());
    auto index = run_task(repository->index());
    run_task(repository->close());
    return index.value();
  }

  fs::path root;
  std::size_t packages = 0;
  WorkerPool workers{2};
  std::shared_ptr<storage::ObjectStore> store;
};

TEST_F(RealCharts, are_all_listed) {
  EXPECT_EQ(build()->version_count(), packages);
}

TEST_F(RealCharts, have_the_same_index_after_a_restart_with_a_statefile_as_without) {
  const IndexPointer first = build();
  ASSERT_TRUE(fs::exists(root / "index-cache.yaml"));
  const IndexPointer second = build();
  EXPECT_EQ(first->entries().yaml().text().to_string(),
            second->entries().yaml().text().to_string());
  EXPECT_EQ(first->entries().json().text().to_string(),
            second->entries().json().text().to_string());
}

}  // namespace
}  // namespace chartmuseum::repository
