// SPDX-License-Identifier: Apache-2.0
#include "repository/museum.hpp"

#include "repository_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace chartmuseum::repository {
namespace {

class MuseumTest : public ::testing::Test {
 protected:
  ~MuseumTest() override { run_task(museum.close()); }

  std::shared_ptr<storage::MemoryStore> store = std::make_shared<storage::MemoryStore>();
  WorkerPool workers{2};
  Museum museum{Settings{}, store, workers, telemetry::Log::discarding()};
};

TEST_F(MuseumTest, keeps_repositories_apart) {
  store->place("a-1.0.0.tgz", package_bytes_of("a", "1.0.0"));
  store->place("org1/b-1.0.0.tgz", package_bytes_of("b", "1.0.0"));
  store->place("org1/team/c-1.0.0.tgz", package_bytes_of("c", "1.0.0"));
  const std::pair<std::string, std::string> expected[] = {
      {"", "a"}, {"org1", "b"}, {"org1/team", "c"}};
  for (const auto& [name, chart] : expected) {
    const auto index = run_task(museum.repository(name)->index());
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->version_count(), 1U);
    EXPECT_TRUE((*index)->has_chart(chart)) << name;
  }
}

TEST_F(MuseumTest, keeps_a_repository_that_holds_something) {
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"));
  std::weak_ptr<Repository> seen = museum.repository("org");
  ASSERT_TRUE(run_task(museum.repository("org")->index()));
  store->forget_calls();
  ASSERT_TRUE(run_task(museum.repository("org")->index()));
  EXPECT_TRUE(store->calls().empty());
}

TEST_F(MuseumTest, forgets_repositories_that_the_storage_does_not_know) {
  std::vector<std::weak_ptr<Repository>> seen;
  for (int i = 0; i < 500; ++i) {
    const auto repository = museum.repository("none" + std::to_string(i));
    seen.push_back(repository);
    ASSERT_TRUE(run_task(repository->index()));
  }
  std::size_t alive = 500;
  for (int i = 0; i < 200 && alive > 0; ++i) {
    alive = 0;
    for (const auto& each : seen) alive += each.expired() ? 0U : 1U;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(alive, 0U);
  EXPECT_EQ(store->watches(), 0U);
}

TEST_F(MuseumTest, forgets_a_repository_once_it_is_empty_and_takes_it_up_again) {
  const auto upload = Upload().package("a", "1.0.0");
  ASSERT_TRUE(run_task(museum.repository("org")->push(upload.push())));
  ASSERT_TRUE(run_task(museum.repository("org")->index()));
  ASSERT_TRUE(run_task(museum.repository("org")->remove("a", "1.0.0")));
  ASSERT_TRUE(run_task(museum.repository("org")->push(upload.push())));
  const auto index = run_task(museum.repository("org")->index());
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->version_count(), 1U);
}

TEST_F(MuseumTest, serves_a_hundred_tenants_at_once_though_one_fails) {
  for (int i = 0; i < 100; ++i) {
    const std::string folder = "org" + std::to_string(i);
    store->place(folder + "/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"));
  }
  store->fail_key("org7", {storage::FailureKind::unavailable, "down"});
  std::vector<std::thread> clients;
  std::atomic<int> served = 0;
  std::atomic<int> failed = 0;
  for (int client = 0; client < 4; ++client) {
    clients.emplace_back([this, &served, &failed] {
      boost::asio::io_context context;
      for (int i = 0; i < 100; ++i) {
        boost::asio::co_spawn(
            context,
            [](Museum& from, std::string name, std::atomic<int>& good,
               std::atomic<int>& bad) -> Task<> {
              const auto repository = from.repository(name);
              const auto index = co_await repository->index();
              ++(index && (*index)->version_count() == 1 ? good : bad);
            }(museum, "org" + std::to_string(i), served, failed),
            boost::asio::detached);
      }
      context.run();
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(served, 396);
  EXPECT_EQ(failed, 4);
}

TEST_F(MuseumTest, builds_an_index_that_nobody_asked_for_when_told_to) {
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"));
  museum.warm("org");
  for (int i = 0; i < 500 && store->count(storage::Operation::get) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(store->count(storage::Operation::get), 1U);
}

TEST_F(MuseumTest, writes_the_statefiles_that_are_due_when_it_closes) {
  for (int i = 0; i < 20; ++i) {
    const auto repository = museum.repository("org" + std::to_string(i));
    const Upload upload = Upload().package("a", "1.0.0");
    ASSERT_TRUE(run_task(repository->push(upload.push())));
    ASSERT_TRUE(run_task(repository->index()));
  }
  run_task(museum.close());
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(store->bytes("org" + std::to_string(i) + "/index-cache.yaml")) << i;
  }
}

}  // namespace
}  // namespace chartmuseum::repository
