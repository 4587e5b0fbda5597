// SPDX-License-Identifier: Apache-2.0
#include "repository_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace chartmuseum::repository {
namespace {

using storage::FailureKind;
using storage::Operation;

class RepositoryReads : public RepositoryTest {};

TEST_F(RepositoryReads, has_an_empty_index_for_an_absent_folder) {
  EXPECT_TRUE(listed().empty());
  EXPECT_NE(index()->document().to_string().find("entries: {}"), std::string::npos);
  EXPECT_TRUE(store->keys().empty());
}

TEST_F(RepositoryReads, lists_the_packages_of_its_folder_and_nothing_else) {
  place("a", "1.0.0");
  place("b", "1.0.0", "any name.tgz");
  store->place("org/a-1.0.0.tgz.prov", "signed");
  store->place("org/README.md", "hello");
  store->place("org/index.yaml", "entries: {}");
  store->place("other/c-1.0.0.tgz", package_bytes_of("c", "1.0.0"));
  store->place("org/sub/d-1.0.0.tgz", package_bytes_of("d", "1.0.0"));
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "any name.tgz"}));
}

TEST_F(RepositoryReads, shows_the_modification_time_and_digest_of_each_object) {
  const Timestamp modified{std::chrono::nanoseconds(1'700'000'000'123'456'789)};
  const std::string bytes = package_bytes_of("a", "1.0.0");
  store->place("org/a-1.0.0.tgz", bytes, modified);
  const std::string document = index()->document().to_string();
  EXPECT_NE(document.find("created: \"" + format_rfc3339(modified) + '"'), std::string::npos);
  EXPECT_NE(document.find("digest: " + Digest::of(bytes).hex()), std::string::npos);
}

TEST_F(RepositoryReads, leaves_out_what_is_no_package_and_warns_once_for_the_same_bytes) {
  settings.max_package_size = 100'000;
  settings.always_regenerate = true;
  settings.watch = false;
  open();
  place("a", "1.0.0");
  store->place("org/broken.tgz", "no gzip");
  store->place("org/empty.tgz", "");
  store->place("org/large.tgz", std::string(100'001, 'x'));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  EXPECT_EQ(logged("Invalid package in storage"), 3U);
  EXPECT_EQ(logged("broken.tgz"), 1U);
  store->place("org/broken.tgz", "no gzip either");
  listed();
  EXPECT_EQ(logged("broken.tgz"), 2U);
  place("b", "1.0.0", "broken.tgz");
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "broken.tgz"}));
}

TEST_F(RepositoryReads, shows_what_others_changed_in_the_next_index) {
  EXPECT_TRUE(listed().empty());
  place("a", "1.0.0");
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  place("a", "1.1.0");
  place("b", "1.0.0");
  EXPECT_EQ(listed(), (Names{"a-1.1.0.tgz", "a-1.0.0.tgz", "b-1.0.0.tgz"}));
  store->take_away("org/a-1.1.0.tgz");
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  place("c", "1.0.0", "a-1.0.0.tgz");
  EXPECT_EQ(listed(), (Names{"b-1.0.0.tgz", "a-1.0.0.tgz"}));
}

TEST_F(RepositoryReads, asks_only_for_the_objects_that_the_watch_named) {
  place("a", "1.0.0");
  place("b", "1.0.0");
  listed();
  store->forget_calls();
  place("b", "2.0.0");
  listed();
  EXPECT_EQ(store->count(Operation::list), 0U);
  EXPECT_EQ(store->count(Operation::get), 1U);
  EXPECT_EQ(store->count(Operation::stat), 1U);
}

TEST_F(RepositoryReads, asks_the_storage_nothing_while_nothing_changes) {
  place("a", "1.0.0");
  const IndexPointer first = index();
  store->forget_calls();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(index(), first);
  EXPECT_TRUE(store->calls().empty());
}

TEST_F(RepositoryReads, waits_for_changes_that_the_watch_has_yet_to_tell) {
  place("a", "1.0.0");
  listed();
  store->hold_changes();
  place("b", "1.0.0");
  std::thread teller([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    store->tell_changes();
  });
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  teller.join();
}

TEST_F(RepositoryReads, compares_the_whole_folder_after_an_overflow_of_the_watch) {
  place("a", "1.0.0");
  listed();
  store->hold_changes();
  place("b", "1.0.0");
  store->overflow();
  store->tell_changes();
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
}

TEST_F(RepositoryReads, falls_back_to_the_folders_stamp_where_the_watch_is_lost) {
  place("a", "1.0.0");
  listed();
  store->lose_watches();
  place("b", "1.0.0");
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  place("c", "1.0.0");
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz", "c-1.0.0.tgz"}));
}

TEST_F(RepositoryReads, lists_an_unwatched_folder_only_when_its_stamp_changed) {
  const storage::MemoryStore::Settings unwatched{.etags = true, .watchable = false};
  open(&unwatched);
  place("a", "1.0.0");
  listed();
  store->forget_calls();
  for (int i = 0; i < 5; ++i) listed();
  EXPECT_EQ(store->count(Operation::list), 0U);
  place("b", "1.0.0");
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  EXPECT_EQ(store->count(Operation::list), 1U);
}

TEST_F(RepositoryReads, compares_on_every_read_when_told_to) {
  const storage::MemoryStore::Settings blind{.etags = true, .watchable = false, .stamps = false};
  settings.always_regenerate = true;
  open(&blind);
  for (const char* name : {"a", "b", "c"}) {
    place(name, "1.0.0");
    EXPECT_EQ(listed().back(), std::string(name) + "-1.0.0.tgz");
  }
}

TEST_F(RepositoryReads, shares_one_comparison_among_those_who_ask_at_once) {
  settings.always_regenerate = true;
  settings.watch = false;
  open();
  place("a", "1.0.0");
  listed();
  store->forget_calls();
  store->delay(Operation::list, std::chrono::milliseconds(30));
  boost::asio::io_context context;
  int answered = 0;
  for (int i = 0; i < 50; ++i) {
    boost::asio::co_spawn(
        context,
        [](Repository& asked, int& count) -> Task<> {
          const auto current = co_await asked.index();
          if (current) ++count;
        }(*repository, answered),
        boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(answered, 50);
  EXPECT_LE(store->count(Operation::list), 3U);
}

TEST_F(RepositoryReads, reads_only_what_differs) {
  settings.always_regenerate = true;
  open();
  for (int i = 0; i < 50; ++i) place("a", "1.0." + std::to_string(i));
  listed();
  EXPECT_EQ(store->count(Operation::get), 50U);
  place("a", "2.0.0");
  listed();
  EXPECT_EQ(store->count(Operation::get), 51U);
}

TEST_F(RepositoryReads, changes_generated_only_when_the_content_changes) {
  settings.always_regenerate = true;
  open();
  place("a", "1.0.0");
  const IndexPointer first = index();
  EXPECT_EQ(index(), first);
  store->place("org/broken.tgz", "no package");
  EXPECT_EQ(index(), first);
}

TEST_F(RepositoryReads, lists_one_of_two_packages_of_one_version_and_says_so) {
  place("demo", "1.0.0", "zebra.tgz");
  place("demo", "1.0.0", "apple.tgz");
  EXPECT_EQ(listed(), Names{"apple.tgz"});
  EXPECT_EQ(logged("Two packages hold the same chart version"), 1U);
  place("demo", "1.0.0");
  EXPECT_EQ(listed(), Names{"demo-1.0.0.tgz"});
  store->take_away("org/demo-1.0.0.tgz");
  EXPECT_EQ(listed(), Names{"apple.tgz"});
  store->take_away("org/apple.tgz");
  EXPECT_EQ(listed(), Names{"zebra.tgz"});
}

TEST_F(RepositoryReads, keeps_the_last_good_index_while_the_storage_fails) {
  settings.always_regenerate = true;
  settings.watch = false;
  open();
  place("a", "1.0.0");
  listed();
  store->fail_always(Operation::list, {FailureKind::unavailable, "no route to host"});
  place("b", "1.0.0");
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  EXPECT_GE(logged("no route to host"), 1U);
  store->repair();
  EXPECT_TRUE(eventually([this] { return listed() == Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}; }));
}

TEST_F(RepositoryReads, is_unavailable_while_there_never_was_an_index) {
  store->fail_always(Operation::list, {FailureKind::unavailable, "no route to host"});
  place("a", "1.0.0");
  const auto current = run_task(repository->index());
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().kind, Refusal::unavailable);
  store->repair();
  EXPECT_TRUE(eventually([this] { return run_task(repository->index()).has_value(); }));
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
}

TEST_F(RepositoryReads, does_not_show_half_an_index_when_the_storage_goes_down_while_it_is_built) {
  for (int i = 0; i < 40; ++i) place("a", "1.0." + std::to_string(i));
  store->stop_after(20);
  EXPECT_FALSE(run_task(repository->index()));
  store->repair();
  EXPECT_TRUE(eventually([this] { return run_task(repository->index()).has_value(); }));
  EXPECT_EQ(listed().size(), 40U);
}

TEST_F(RepositoryReads, leaves_out_one_object_that_cannot_be_read_and_takes_it_in_later) {
  settings.always_regenerate = true;
  open();
  place("a", "1.0.0");
  place("b", "1.0.0");
  store->fail_key("org/a-1.0.0.tgz", {FailureKind::unavailable, "I/O error"});
  EXPECT_EQ(listed(), Names{"b-1.0.0.tgz"});
  EXPECT_EQ(listed(), Names{"b-1.0.0.tgz"});
  EXPECT_EQ(logged("I/O error"), 1U);
  store->repair();
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
}

TEST_F(RepositoryReads, reads_an_object_again_though_nobody_asks) {
  listed();
  store->fail_key("org/a-1.0.0.tgz", {FailureKind::unavailable, "I/O error"});
  place("a", "1.0.0");
  EXPECT_EQ(listed(), Names{});
  store->repair();
  store->forget_calls();
  for (int i = 0; i < 1000 && store->count(Operation::get) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
}

TEST_F(RepositoryReads, is_unavailable_while_the_folder_can_be_listed_but_nothing_in_it_read) {
  place("a", "1.0.0");
  place("b", "1.0.0");
  store->fail_always(Operation::get, {FailureKind::unavailable, "slow down"});
  const auto current = run_task(repository->index());
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().kind, Refusal::unavailable);
  store->repair();
  EXPECT_TRUE(eventually([this] { return run_task(repository->index()).has_value(); }));
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
}

TEST_F(RepositoryReads, waits_for_the_first_index_no_longer_than_it_is_told_to) {
  settings.index_wait = std::chrono::seconds(0);
  open();
  place("a", "1.0.0");
  store->delay(Operation::list, std::chrono::milliseconds(50));
  const auto first = run_task(repository->index());
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, Refusal::unavailable);
  std::optional<IndexPointer> built;
  for (int i = 0; i < 1000 && !built; ++i) {
    auto current = run_task(repository->index());
    if (current) built = *current;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_TRUE(built);  // by the task that the first request began
  EXPECT_EQ(listed_by(**built), Names{"a-1.0.0.tgz"});
}

TEST_F(RepositoryReads, opens_packages_and_provenance_files_and_nothing_else) {
  place("a", "1.0.0");
  store->place("org/a-1.0.0.tgz.prov", "signed");
  store->place("org/index-cache.yaml", "secret");
  store->place("secret.tgz", "secret");
  EXPECT_TRUE(run_task(repository->open("a-1.0.0.tgz")));
  EXPECT_TRUE(run_task(repository->open("a-1.0.0.tgz.prov")));
  for (const char* name : {"b.tgz", "index-cache.yaml", "../secret.tgz", "", ".."}) {
    const auto opened = run_task(repository->open(name));
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().kind, Refusal::absent) << name;
  }
  store->fail_always(Operation::open, {FailureKind::unavailable, "down"});
  const auto failing = run_task(repository->open("a-1.0.0.tgz"));
  ASSERT_FALSE(failing);
  EXPECT_EQ(failing.error().kind, Refusal::unavailable);
}

TEST_F(RepositoryReads, hands_out_the_whole_package_of_a_version) {
  place("a", "1.0.0", "odd.tgz");
  const auto version = index()->find("a", "1.0.0");
  ASSERT_TRUE(version);
  EXPECT_EQ(run_task(repository->package_bytes(version)).value(), package_bytes_of("a", "1.0.0"));
  store->take_away("org/odd.tgz");
  const auto gone = run_task(repository->package_bytes(version));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, Refusal::absent);
}

}  // namespace
}  // namespace chartmuseum::repository
