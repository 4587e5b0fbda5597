// SPDX-License-Identifier: Apache-2.0
#include "museum_fixture.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace chartmuseum::api {
namespace {

using storage::Failure;
using storage::FailureKind;
using storage::MemoryStore;
using storage::Operation;

/// A museum on a bucket that goes away.
class OutageTest : public ApiTest {
 protected:
  OutageTest() {
    store = std::make_shared<MemoryStore>(
        MemoryStore::Settings{.watchable = false, .stamps = false, .reads_at_once = 64});
    repository_settings.cache_interval = std::chrono::milliseconds(5);
    repository_settings.first_retry = std::chrono::milliseconds(1);
    repository_settings.last_retry = std::chrono::milliseconds(5);
  }

  void go_away(FailureKind kind) {
    for (const Operation operation : {Operation::get, Operation::open, Operation::stat,
                                      Operation::put, Operation::remove, Operation::list}) {
      store->fail_always(operation, Failure{kind, "s3://secret-place"});
    }
    // What was due is noticed to fail.
    for (const std::size_t lists = store->count(Operation::list);
         store->count(Operation::list) < lists + 2;) {
      get("/index.yaml");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  unsigned soon(std::string_view target, unsigned wanted) {
    unsigned status = 0;
    for (int i = 0; i < 2'000 && status != wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      status = get(target).status;
    }
    return status;
  }
  static void expect_try_again(const http::Response& response) {
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(response.headers.get("Retry-After"), "5");
    EXPECT_EQ(text(response).find("secret-place"), std::string::npos);
  }
};

TEST_F(OutageTest, leaves_the_index_and_health_and_asks_all_others_to_try_again) {
  store->place("a-1.0.0.tgz", package("a", "1.0.0"));
  const std::string index = text(get("/index.yaml"));
  for (const FailureKind kind : {FailureKind::unavailable, FailureKind::throttled}) {
    go_away(kind);
    EXPECT_EQ(get("/index.yaml").status, 200U);
    EXPECT_EQ(text(get("/index.yaml")), index);
    EXPECT_EQ(get("/api/charts").status, 200U);
    EXPECT_EQ(get("/health").status, 200U);
    expect_try_again(get("/charts/a-1.0.0.tgz"));
    expect_try_again(post("/api/charts", package("b", "1.0.0")));
    expect_try_again(post_form(
        "/api/charts", {{"chart", package("b", "1.0.0")}, {"prov", provenance("b", "1.0.0")}}));
    expect_try_again(ask(http::Method::delete_, "/api/charts/a/1.0.0"));
  }
  store->repair();
  EXPECT_EQ(get("/charts/a-1.0.0.tgz").status, 200U);
  EXPECT_EQ(post("/api/charts", package("b", "1.0.0")).status, 201U);
  store->place("c-1.0.0.tgz", package("c", "1.0.0"));
  EXPECT_EQ(soon("/api/charts/c/1.0.0", 200), 200U);
}

TEST_F(OutageTest, at_the_start_asks_to_try_again_until_there_is_an_index) {
  go_away(FailureKind::unavailable);
  expect_try_again(get("/index.yaml"));
  expect_try_again(get("/api/charts"));
  EXPECT_EQ(get("/health").status, 200U);
  store->repair();
  EXPECT_EQ(soon("/index.yaml", 200), 200U);
}

TEST_F(OutageTest, by_wrong_credentials_is_a_failure_of_the_storage_without_details) {
  go_away(FailureKind::denied);
  for (const http::Response& response : {get("/index.yaml"), get("/charts/a-1.0.0.tgz"),
                                         post("/api/charts", package("a", "1.0.0"))}) {
    EXPECT_EQ(response.status, 502U);
    EXPECT_EQ(text(response), R"({"error":"the storage failed"})");
  }
  EXPECT_EQ(get("/health").status, 200U);
  store->repair();
  EXPECT_EQ(soon("/index.yaml", 200), 200U);
}

}  // namespace
}  // namespace chartmuseum::api
