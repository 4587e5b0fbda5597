// SPDX-License-Identifier: Apache-2.0
#include "repository_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>

namespace chartmuseum::repository {
namespace {

using storage::Operation;

const std::string kStatefile = "org/index-cache.yaml";

class RepositoryStatefile : public RepositoryTest {
 protected:
  RepositoryStatefile() {
    for (int i = 0; i < 5; ++i) place("a", "1.0." + std::to_string(i));
    store->place("org/a-1.0.0.tgz.prov", "signed");
  }
  /// Restarts, builds the index; how many packages had to be read for it.
  std::size_t restart() {
    open();
    store->forget_calls();
    expect_index();
    return store->count(Operation::get);
  }
  void expect_index() { EXPECT_EQ(listed().size(), 5U); }
};

TEST_F(RepositoryStatefile, is_written_at_the_end_and_saves_reading_the_packages) {
  const std::string document = index()->document().to_string();
  close();
  EXPECT_EQ(store->bytes(kStatefile), document);
  EXPECT_EQ(restart(), 0U);
  expect_index_equals_storage();
  EXPECT_TRUE(push("a", "2.0.0"));
  expect_index_equals_storage();
}

TEST_F(RepositoryStatefile, is_written_in_the_background_after_changes) {
  listed();
  for (int i = 0; i < 500 && !store->bytes(kStatefile); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(store->bytes(kStatefile));
}

TEST_F(RepositoryStatefile, is_not_written_again_where_nothing_changed) {
  listed();
  restart();
  close();
  EXPECT_EQ(store->count(Operation::put), 0U);
}

TEST_F(RepositoryStatefile, is_json_with_json_index_and_either_is_read) {
  settings.json_index = true;
  open();
  listed();
  close();
  EXPECT_TRUE(store->bytes(kStatefile)->starts_with('{'));
  settings.json_index = false;
  EXPECT_EQ(restart(), 0U);
  expect_index_equals_storage();
}

TEST_F(RepositoryStatefile, is_neither_read_nor_written_when_disabled) {
  listed();
  settings.statefiles = false;
  EXPECT_EQ(restart(), 5U);
  store->take_away(kStatefile);
  push("b", "1.0.0");
  close();
  EXPECT_FALSE(store->bytes(kStatefile));
}

TEST_F(RepositoryStatefile, is_trusted_only_for_objects_as_old_as_it_says) {
  listed();
  close();
  store->place("org/a-1.0.1.tgz", package_bytes_of("b", "7.0.0"));
  store->take_away("org/a-1.0.2.tgz");
  place("c", "1.0.0");
  EXPECT_EQ(restart(), 2U);
  EXPECT_EQ(listed(),
            (Names{"a-1.0.4.tgz", "a-1.0.3.tgz", "a-1.0.0.tgz", "a-1.0.1.tgz", "c-1.0.0.tgz"}));
  expect_index_equals_storage();
}

TEST_F(RepositoryStatefile, is_used_though_a_push_comes_before_the_first_listing) {
  listed();
  close();
  open();
  store->forget_calls();
  const Upload upload = Upload().package("b", "1.0.0");
  auto hold = store->hold(Operation::list);
  repository->warm();
  boost::asio::io_context context;
  boost::asio::co_spawn(
      context,
      [](Repository& into, storage::MemoryStore::Hold& at, Push push) -> Task<> {
        co_await at.reached();
        const Outcome<void> outcome = co_await into.push(std::move(push));
        EXPECT_TRUE(outcome);
        at.release();
      }(*repository, hold, upload.push()),
      boost::asio::detached);
  context.run();
  EXPECT_EQ(listed().size(), 6U);
  EXPECT_EQ(store->count(Operation::get), 0U);
}

TEST_F(RepositoryStatefile, tolerates_as_much_difference_in_time_as_it_is_told_to) {
  listed();
  close();
  const auto modified = store->info("org/a-1.0.1.tgz")->modified;
  store->place("org/a-1.0.1.tgz", *store->bytes("org/a-1.0.1.tgz"),
               modified + std::chrono::milliseconds(900));
  settings.statefiles = true;
  settings.timestamp_tolerance = std::chrono::seconds(1);
  EXPECT_EQ(restart(), 0U);
  close();  // else it sees the change and writes a new statefile
  settings.timestamp_tolerance = std::chrono::milliseconds(800);
  store->place(kStatefile, *store->bytes(kStatefile));
  store->place("org/a-1.0.1.tgz", *store->bytes("org/a-1.0.1.tgz"),
               modified + std::chrono::seconds(10));
  EXPECT_EQ(restart(), 1U);
}

TEST_F(RepositoryStatefile, gives_no_urls_of_other_options) {
  settings.chart_url = "https://old.example.org";
  open();
  listed();
  settings.chart_url = "https://new.example.org";
  EXPECT_EQ(restart(), 0U);
  EXPECT_EQ(index()->document().to_string().find("old.example.org"), std::string::npos);
  expect_index_equals_storage();
}

TEST_F(RepositoryStatefile, of_the_go_server_is_accepted) {
  const storage::ObjectInfo object = *store->info("org/a-1.0.0.tgz");
  store->place(kStatefile, R"(apiVersion: v1
entries:
  a:
  - apiVersion: v2
    created: ")" + format_rfc3339(object.modified) +
                               R"("
    description: from the statefile
    digest: )" + Digest::of(*store->bytes("org/a-1.0.0.tgz")).hex() +
                               R"(
    name: a
    urls:
    - charts/a-1.0.0.tgz
    version: 1.0.0
generated: "2024-01-01T00:00:00Z"
serverInfo: {}
)");
  EXPECT_EQ(restart(), 4U);
  EXPECT_NE(index()->document().to_string().find("from the statefile"), std::string::npos);
}

TEST_F(RepositoryStatefile, that_is_of_no_use_is_ignored_with_a_warning) {
  listed();
  close();
  const std::string good = *store->bytes(kStatefile);
  for (const std::string& bad :
       {std::string(), std::string("no index"), good.substr(0, good.size() / 40),
        std::string("\0\1\2", 3), std::string("entries:\n  a: 7\n"), std::string(1000, '{')}) {
    close();  // which may write it
    store->place(kStatefile, bad);
    EXPECT_EQ(restart(), 5U);
    expect_index_equals_storage();
  }
  EXPECT_GE(logged("Statefile ignored"), 5U);
}

TEST_F(RepositoryStatefile, that_cannot_be_read_is_ignored) {
  listed();
  close();
  store->fail_always(Operation::open, {storage::FailureKind::denied, "not yours"});
  EXPECT_EQ(restart(), 5U);
  close();
  store->repair();
  store->open_as_streams(1000, 500);
  EXPECT_EQ(restart(), 5U);
  close();
  store->repair();
  store->open_as_streams(777);
  EXPECT_EQ(restart(), 0U);
}

TEST_F(RepositoryStatefile, that_cannot_be_written_stops_nobody) {
  listed();
  store->fail_key(kStatefile, {storage::FailureKind::full, "no space"});
  EXPECT_TRUE(push("b", "1.0.0"));
  close();
  EXPECT_EQ(logged("Statefile not written"), 1U);
}

TEST_F(RepositoryStatefile, does_not_bring_a_removed_folder_back) {
  listed();
  close();
  open();
  for (const std::string& key : store->keys()) store->take_away(key);
  EXPECT_TRUE(listed().empty());
  close();
  EXPECT_TRUE(store->keys().empty());
}

}  // namespace
}  // namespace chartmuseum::repository
