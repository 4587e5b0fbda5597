// SPDX-License-Identifier: Apache-2.0
#include "repository_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::repository {
namespace {

using storage::FailureKind;
using storage::MemoryStore;
using storage::Operation;

/// What a cloud can do: no watch, no stamp, times to the second.
MemoryStore::Settings bucket() {
  return {.watchable = false,
          .stamps = false,
          .digests = true,
          .reads_at_once = 64,
          .clock_tick = std::chrono::seconds(1)};
}

class RepositoryOnBucket : public RepositoryTest {
 protected:
  RepositoryOnBucket() { restart_on(bucket()); }

  void restart_on(const MemoryStore::Settings& of_store) { open(&of_store); }

  /// Builds the index, with each read held up until nobody but one of them could go on.
  void expect_reads_at_once(std::size_t expected) {
    std::vector<MemoryStore::Hold> holds;
    for (std::size_t i = 0; i < expected; ++i) holds.push_back(store->hold(Operation::get));
    repository->warm();
    for (MemoryStore::Hold& hold : holds) run_task(hold.reached());
    EXPECT_EQ(store->count(Operation::get), expected);
    for (MemoryStore::Hold& hold : holds) hold.release();
    index();
    EXPECT_EQ(store->most_at_once(Operation::get), expected);
  }

  Task<> ask(int& answered, std::size_t at_least) {
    const auto current = co_await repository->index();
    EXPECT_TRUE(current);
    if (!current) co_return;
    ++answered;
    EXPECT_GE((*current)->version_count(), at_least);
  }
  /// While a list is held up a package comes, and requests, which must not get a list from before.
  Task<> ask_many_during(MemoryStore::Hold& list, int& answered) {
    co_await list.reached();
    place("b", "1.0.0");
    for (int i = 0; i < 50; ++i) start(ask(answered, 2));
    co_await boost::asio::post(boost::asio::use_awaitable);  // they have begun
    const Upload upload = Upload().package("a", "1.0.0");
    // On the strand of the repository, after them.
    const Outcome<void> refused = co_await repository->push(upload.push());
    EXPECT_FALSE(refused);
    list.release();
  }

  /// Runs tasks together, on one thread.
  boost::asio::io_context together;
  void start(Task<> task) {
    boost::asio::co_spawn(together, std::move(task), boost::asio::detached);
  }
};

TEST_F(RepositoryOnBucket, reads_as_many_packages_at_once_as_suit_the_storage) {
  for (int i = 0; i < 200; ++i) place("a", "1.0." + std::to_string(i));
  // Though there are two workers only: whoever waits for the storage holds none.
  expect_reads_at_once(64);
  EXPECT_EQ(listed().size(), 200U);
  EXPECT_EQ(store->count(Operation::get), 200U);
  EXPECT_EQ(store->count(Operation::list), 1U);
  EXPECT_EQ(store->count(Operation::stat), 0U);
}

TEST_F(RepositoryOnBucket, reads_as_many_packages_at_once_as_it_is_told_to) {
  settings.parallel_fetches = 7;
  open();
  for (int i = 0; i < 50; ++i) place("a", "1.0." + std::to_string(i));
  expect_reads_at_once(7);
  EXPECT_EQ(listed().size(), 50U);
}

TEST_F(RepositoryOnBucket, reads_no_more_bytes_at_once_than_it_has_room_for) {
  settings.max_package_size = 64UL << 20U;
  open();
  for (int i = 0; i < 8; ++i) {
    store->place("org/a-1.0." + std::to_string(i) + ".tgz", std::string(30UL << 20U, 'x'));
  }
  expect_reads_at_once(4);
  EXPECT_TRUE(listed().empty());
}

TEST_F(RepositoryOnBucket, asks_the_storage_nothing_for_an_index_that_it_has) {
  place("a", "1.0.0");
  const IndexPointer first = index();
  store->forget_calls();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(index(), first);
  EXPECT_EQ(store->count(Operation::list), 0U);
  EXPECT_EQ(store->count(Operation::get), 0U);
}

TEST_F(RepositoryOnBucket, shows_what_other_servers_changed_after_the_interval_though_nobody_asks) {
  settings.cache_interval = std::chrono::milliseconds(20);
  open();
  place("a", "1.0.0");
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  place("b", "1.0.0");
  EXPECT_TRUE(eventually([this] { return store->count(Operation::get) == 2; }));
  EXPECT_TRUE(eventually([this] { return listed() == Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}; }));
  store->take_away("org/a-1.0.0.tgz");
  EXPECT_TRUE(eventually([this] { return listed() == Names{"b-1.0.0.tgz"}; }));
  EXPECT_EQ(store->count(Operation::get), 2U);  // only what changed
}

TEST_F(RepositoryOnBucket, answers_while_a_list_is_on_its_way) {
  settings.cache_interval = std::chrono::milliseconds(5);
  open();
  place("a", "1.0.0");
  const IndexPointer first = index();
  auto hold = store->hold(Operation::list);
  run_task(hold.reached());
  EXPECT_EQ(index(), first);
  hold.release();
}

TEST_F(RepositoryOnBucket, has_at_most_one_list_on_its_way) {
  settings.cache_interval = std::chrono::milliseconds(1);
  open();
  place("a", "1.0.0");
  store->delay(Operation::list, std::chrono::milliseconds(3));
  EXPECT_TRUE(eventually([this] {
    index();
    return store->count(Operation::list) > 20;
  }));
  EXPECT_EQ(store->most_at_once(Operation::list), 1U);
}

TEST_F(RepositoryOnBucket, shows_its_own_pushes_at_once_without_a_list) {
  place("a", "1.0.0");
  listed();
  store->forget_calls();
  ASSERT_TRUE(push("b", "1.0.0"));
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  ASSERT_TRUE(remove("a", "1.0.0"));
  EXPECT_EQ(listed(), Names{"b-1.0.0.tgz"});
  EXPECT_EQ(store->count(Operation::list), 0U);
}

TEST_F(RepositoryOnBucket, makes_two_lists_for_any_number_of_requests_that_each_want_a_fresh_one) {
  settings.always_regenerate = true;
  open();
  place("a", "1.0.0");
  listed();
  store->forget_calls();
  auto hold = store->hold(Operation::list);
  int answered = 0;
  start(ask(answered, 1));
  start(ask_many_during(hold, answered));
  together.run();
  EXPECT_EQ(answered, 51);
  EXPECT_EQ(store->count(Operation::list), 2U);
}

/// A list that was made before something else, and arrives after it.
TEST_F(RepositoryOnBucket, makes_one_list_for_any_number_of_requests_for_the_first_index) {
  place("a", "1.0.0");
  auto hold = store->hold(Operation::list);
  int answered = 0;
  start(ask(answered, 1));
  start(ask_many_during(hold, answered));
  together.run();
  EXPECT_EQ(answered, 51);
  EXPECT_EQ(store->count(Operation::list), 1U);
}

TEST_F(RepositoryOnBucket, is_not_misled_by_a_list_that_is_older_than_its_own_push) {
  settings.cache_interval = std::chrono::milliseconds(5);
  open();
  place("a", "1.0.0");
  listed();
  auto late = store->hold_listing("org");
  run_task(late.reached());
  EXPECT_TRUE(push("b", "1.0.0"));
  EXPECT_TRUE(remove("a", "1.0.0"));
  late.release();
  for (const std::size_t lists = store->count(Operation::list);
       store->count(Operation::list) < lists + 3;) {
    EXPECT_EQ(listed(), Names{"b-1.0.0.tgz"});
  }
}

TEST_F(RepositoryOnBucket, is_not_misled_by_a_list_that_began_during_its_own_push) {
  settings.cache_interval = std::chrono::milliseconds(5);
  open();
  place("a", "1.0.0");
  listed();
  auto putting = store->hold(Operation::put, "org/b-1.0.0.tgz");
  auto late = store->hold_listing("org");
  start([](Repository& into) -> Task<> {
    const Upload upload = Upload().package("b", "1.0.0");
    const Outcome<void> pushed = co_await into.push(upload.push());
    EXPECT_TRUE(pushed);
  }(*repository));
  start([](MemoryStore::Hold& put, MemoryStore::Hold& list) -> Task<> {
    co_await put.reached();
    co_await list.reached();
    put.release();
  }(putting, late));
  together.run();
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  late.release();
  for (const std::size_t lists = store->count(Operation::list);
       store->count(Operation::list) < lists + 3;) {
    EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  }
}

TEST_F(RepositoryOnBucket, compares_by_time_and_size_where_there_are_no_etags) {
  MemoryStore::Settings without_etags = bucket();
  without_etags.etags = false;
  settings.always_regenerate = true;
  restart_on(without_etags);
  const Timestamp noon{std::chrono::seconds(1'700'000'000)};
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"), noon);
  listed();
  listed();
  EXPECT_EQ(store->count(Operation::get), 1U);
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"), noon + std::chrono::seconds(1));
  listed();
  EXPECT_EQ(store->count(Operation::get), 2U);
}

TEST_F(RepositoryOnBucket, costs_one_list_and_one_read_of_the_statefile_to_start_again) {
  for (int i = 0; i < 20; ++i) place("a", "1.0." + std::to_string(i));
  listed();
  close();
  open();
  store->forget_calls();
  EXPECT_EQ(listed().size(), 20U);
  std::vector<MemoryStore::Call> calls = store->calls();
  std::erase_if(calls, [](const MemoryStore::Call& call) {
    return call.operation == Operation::folder_stamp;  // of which a bucket has none to ask for
  });
  EXPECT_EQ(calls, (std::vector<MemoryStore::Call>{{Operation::list, "org"},
                                                   {Operation::open, "org/index-cache.yaml"}}));
  expect_index_equals_storage();
}

TEST_F(RepositoryOnBucket, takes_the_times_of_its_own_pushes_from_the_next_list) {
  settings.cache_interval = std::chrono::milliseconds(10);
  open();
  listed();
  ASSERT_TRUE(push("a", "1.0.0"));
  ASSERT_TRUE(push(Upload().package("b", "1.0.0", "description: 'a: [1, \"2\"]'\n")));
  store->place("org/other.tgz", package_bytes_of("a", "1.0.0"));  // of the same version
  const auto has_listed_time = [this](const char* name) {
    const ChartVersionPointer version = index()->find(name, "1.0.0");
    return version->created.time_since_epoch() % std::chrono::seconds(1) ==
           std::chrono::nanoseconds(0);
  };
  EXPECT_TRUE(eventually([&] { return has_listed_time("a") && has_listed_time("b"); }));
  EXPECT_TRUE(eventually([&] { return logged("Two packages hold the same") == 1; }));
  EXPECT_EQ(store->count(Operation::get), 1U);  // of what somebody else brought
  expect_index_equals_storage();
  close();
  store->take_away("org/other.tgz");
  open();
  store->forget_calls();
  EXPECT_EQ(listed().size(), 2U);
  EXPECT_EQ(store->count(Operation::get), 0U);
}

/// A package that is too large to be read whole for its entry.
std::string large_package_bytes(const std::string& version, const testing::Files& more = {},
                                const std::string& api = "v2") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  std::string noise(400'000, ' ');
  for (char& c : noise) c = static_cast<char>('!' + random() % 90);
  testing::Files files = {{"a/Chart.yaml", "apiVersion: " + api + "\nname: a\nversion: " + version +
                                               "\ndescription: \"of \\u00e9verything\"\n"
                                               "annotations: {b: c}\nkeywords: [d, e]\n"},
                          {"a/values.yaml", "f: 1\n"},
                          {"a/files/noise", noise}};
  files.insert(files.end(), more.begin(), more.end());
  return testing::package(files);
}

class LargePackagesOnBucket : public RepositoryOnBucket {
 protected:
  /// Pushes, restarts without a statefile, builds the index.
  void push_and_restart(const std::string& bytes) {
    settings.statefiles = false;
    const auto package = chart::read_package(bytes);
    ASSERT_TRUE(package);
    Push push;
    push.package_part = Push::Part{package->file_name(), bytes};
    push.package = *package;
    ASSERT_TRUE(run_task(repository->push(push)));
    restart();
  }
  void restart() {
    open();
    store->forget_calls();
    index();
  }
  /// The index is, byte for byte, the one that is made of whole packages.
  void expect_index_of_whole_packages() {
    const auto whole = std::make_shared<MemoryStore>();
    for (const std::string& key : store->keys()) {
      // Times as the bucket's listing tells them.
      const Timestamp time = std::chrono::floor<std::chrono::seconds>(store->info(key)->modified);
      whole->place(key, *store->bytes(key), time);
    }
    const auto rebuilt =
        Repository::make(settings, "org", whole, workers, telemetry::Log::discarding());
    const auto expected = run_task(rebuilt->index());
    ASSERT_TRUE(expected);
    EXPECT_EQ(whole->count(Operation::get), whole->keys().size());
    EXPECT_EQ(index()->entries().yaml().text().to_string(),
              (*expected)->entries().yaml().text().to_string());
    EXPECT_EQ(index()->entries().json().text().to_string(),
              (*expected)->entries().json().text().to_string());
    run_task(rebuilt->close());
  }
};

TEST_F(LargePackagesOnBucket, are_read_no_further_than_an_entry_needs) {
  push_and_restart(large_package_bytes("1.0.0"));
  EXPECT_EQ(store->count(Operation::get_start), 1U);
  EXPECT_EQ(store->count(Operation::get), 0U);
  expect_index_of_whole_packages();
}

TEST_F(LargePackagesOnBucket, of_the_old_layout_are_too_if_they_have_no_requirements) {
  push_and_restart(large_package_bytes("1.0.0", {}, "v1"));
  EXPECT_EQ(store->count(Operation::get), 0U);
  expect_index_of_whole_packages();
}

TEST_F(LargePackagesOnBucket, are_read_whole_if_a_later_file_adds_to_the_entry) {
  const std::string requirements = "dependencies: [{name: b, version: 1.x, repository: c}]\n";
  for (const testing::Files& more :
       {testing::Files{{"a/requirements.yaml", requirements}},
        testing::Files{{"a/Chart.yaml", testing::chart_yaml("a", "1.0.0") + "icon: x\n"}}}) {
    restart_on(bucket());
    push_and_restart(large_package_bytes("1.0.0", more, "v1"));
    EXPECT_EQ(store->count(Operation::get), 1U);
    expect_index_of_whole_packages();
  }
}

TEST_F(LargePackagesOnBucket, are_read_whole_if_somebody_else_stored_them) {
  store->place("org/a-1.0.0.tgz", large_package_bytes("1.0.0"));
  // Which this server would not have stored.
  store->place("org/a-2.0.0.tgz", large_package_bytes("2.0.0", {{"a/charts/b/values.yaml", ""}}));
  restart();
  EXPECT_EQ(store->count(Operation::get), 2U);
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  expect_index_of_whole_packages();
}

TEST_F(LargePackagesOnBucket, are_read_whole_where_the_storage_keeps_no_digests) {
  MemoryStore::Settings plain = bucket();
  plain.digests = false;
  restart_on(plain);
  push_and_restart(large_package_bytes("1.0.0"));
  EXPECT_EQ(store->count(Operation::get_start), 0U);
  EXPECT_EQ(store->count(Operation::get), 1U);
}

TEST_F(LargePackagesOnBucket, keep_their_digest_when_they_are_pushed_with_a_provenance_file) {
  settings.statefiles = false;
  open();
  const std::string bytes = large_package_bytes("1.0.0");
  Push push;
  push.package_part = Push::Part{"a-1.0.0.tgz", bytes};
  push.provenance_part = Push::Part{"a-1.0.0.tgz.prov", "signed"};
  push.package = chart::read_package(bytes).value();
  ASSERT_TRUE(run_task(repository->push(push)));
  restart();
  EXPECT_EQ(store->count(Operation::get_start), 1U);
  EXPECT_EQ(store->count(Operation::get), 0U);
}

TEST_F(LargePackagesOnBucket, that_cannot_be_read_now_are_read_later) {
  store->fail(Operation::get_start, {FailureKind::throttled, "slow down"});
  place("b", "1.0.0");
  push_and_restart(large_package_bytes("1.0.0"));
  EXPECT_TRUE(eventually([this] { return listed() == Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}; }));
}

}  // namespace
}  // namespace chartmuseum::repository
