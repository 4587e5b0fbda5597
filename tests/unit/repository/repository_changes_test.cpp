// SPDX-License-Identifier: Apache-2.0
#include "repository_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <map>
#include <string>
#include <thread>

namespace chartmuseum::repository {
namespace {

using storage::Operation;

class RepositoryChanges : public RepositoryTest {
 protected:
  /// Pushes all at once; how many ended how.
  std::map<std::string, int> push_together(const std::vector<Upload>& uploads) {
    boost::asio::io_context context;
    std::map<std::string, int> outcomes;
    for (const Upload& upload : uploads) {
      boost::asio::co_spawn(
          context,
          [](Repository& into, Push push, std::map<std::string, int>& ends) -> Task<> {
            const Outcome<void> outcome = co_await into.push(std::move(push));
            if (outcome) {
              ++ends["stored"];
            } else if (outcome.error().kind == Refusal::exists) {
              ++ends["exists"];
            } else if (outcome.error().kind == Refusal::limit_reached) {
              ++ends["limit"];
            } else {
              ++ends["other"];
            }
          }(*repository, upload.push(), outcomes),
          boost::asio::detached);
    }
    context.run();
    return outcomes;
  }
};

Refusal kind_of_refusal(const Outcome<void>& outcome) {
  EXPECT_FALSE(outcome);
  return outcome ? Refusal::unavailable : outcome.error().kind;
}

TEST_F(RepositoryChanges, a_push_is_stored_and_in_the_next_index) {
  listed();
  const Upload upload = Upload().package("a", "1.0.0");
  ASSERT_TRUE(push(upload));
  EXPECT_EQ(store->bytes("org/a-1.0.0.tgz"), upload.package_bytes());
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, a_push_before_the_first_index_is_in_it) {
  place("a", "1.0.0");
  ASSERT_TRUE(push("b", "1.0.0"));
  EXPECT_EQ(listed(), (Names{"a-1.0.0.tgz", "b-1.0.0.tgz"}));
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, a_pushed_package_is_not_read_again_when_its_own_event_arrives) {
  listed();
  ASSERT_TRUE(push("a", "1.0.0"));
  const IndexPointer after = index();
  EXPECT_EQ(store->count(Operation::get), 0U);
  EXPECT_EQ(index(), after);
}

TEST_F(RepositoryChanges, the_same_version_again_is_refused_unless_forced) {
  ASSERT_TRUE(push("a", "1.0.0"));
  const Upload changed = Upload().package("a", "1.0.0", "description: new\n");
  EXPECT_EQ(kind_of_refusal(push(changed)), Refusal::exists);
  EXPECT_EQ(store->bytes("org/a-1.0.0.tgz"), package_bytes_of("a", "1.0.0"));
  ASSERT_TRUE(push(Upload(changed).force()));
  EXPECT_EQ(store->bytes("org/a-1.0.0.tgz"), changed.package_bytes());
  EXPECT_NE(index()->document().to_string().find("description: new"), std::string::npos);

  settings.allow_force_overwrite = false;
  open();
  EXPECT_EQ(kind_of_refusal(push(Upload(changed).force())), Refusal::exists);
  settings.allow_overwrite = true;
  open();
  EXPECT_TRUE(push(changed));
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, a_form_stores_both_parts_provenance_first) {
  ASSERT_TRUE(push(Upload().package("a", "1.0.0").provenance("a", "1.0.0")));
  EXPECT_EQ(stored(), (Names{"a-1.0.0.tgz", "a-1.0.0.tgz.prov"}));
  std::vector<std::string> puts;
  for (const auto& call : store->calls()) {
    if (call.operation == Operation::put) puts.push_back(call.key);
  }
  EXPECT_EQ(puts, (Names{"org/a-1.0.0.tgz.prov", "org/a-1.0.0.tgz"}));
}

TEST_F(RepositoryChanges, a_form_is_refused_whole_if_one_part_exists) {
  const Upload form = Upload().package("a", "1.0.0").provenance("a", "1.0.0");
  ASSERT_TRUE(push(Upload().provenance("a", "1.0.0", "other")));
  EXPECT_EQ(kind_of_refusal(push(form)), Refusal::exists);
  EXPECT_EQ(stored(), Names{"a-1.0.0.tgz.prov"});

  store->take_away("org/a-1.0.0.tgz.prov");
  ASSERT_TRUE(push("a", "1.0.0"));
  EXPECT_EQ(kind_of_refusal(push(form)), Refusal::exists);
  EXPECT_EQ(stored(), Names{"a-1.0.0.tgz"});
  EXPECT_TRUE(push(Upload(form).force()));
  EXPECT_EQ(stored(), (Names{"a-1.0.0.tgz", "a-1.0.0.tgz.prov"}));
}

TEST_F(RepositoryChanges, provenance_is_accepted_without_its_chart) {
  EXPECT_TRUE(push(Upload().provenance("a", "1.0.0")));
  EXPECT_EQ(kind_of_refusal(push(Upload().provenance("a", "1.0.0"))), Refusal::exists);
  EXPECT_TRUE(listed().empty());
}

TEST_F(RepositoryChanges, refuses_what_cannot_be_a_file_name) {
  const Upload upload = Upload().package("a", "1.0.0");
  Push odd = upload.push();
  for (const std::string& name : {std::string("a/b-1.0.0.tgz"), std::string("..\\a-1.0.0.tgz"),
                                  std::string("a-1.0.0.zip"), std::string("a\0b-1.0.0.tgz", 13)}) {
    odd.package_part->file_name = name;
    const Outcome<void> outcome = run_task(repository->push(odd));
    EXPECT_EQ(kind_of_refusal(outcome), Refusal::invalid);
    EXPECT_EQ(outcome.error().message, name + " is improperly formatted");
  }
  odd.package_part->file_name = std::string(247, 'a') + ".tgz";
  EXPECT_EQ(kind_of_refusal(run_task(repository->push(odd))), Refusal::invalid);
  odd.package_part->file_name = std::string(246, 'a') + ".tgz";
  EXPECT_TRUE(run_task(repository->push(odd)));
  EXPECT_EQ(stored(), Names{odd.package_part->file_name});
}

TEST_F(RepositoryChanges, enforces_strict_versions_when_told_to) {
  EXPECT_TRUE(push("a", "v1.0"));
  settings.enforce_semver2 = true;
  open();
  const Outcome<void> refused = push("b", "v1.0.0");
  EXPECT_EQ(kind_of_refusal(refused), Refusal::invalid);
  EXPECT_TRUE(refused.error().message.starts_with("semver2 validation: "));
  EXPECT_TRUE(push("b", "1.0.0-rc.1+x"));
}

TEST_F(RepositoryChanges, of_32_pushes_of_one_version_at_once_one_is_stored) {
  listed();
  std::vector<Upload> uploads;
  for (int i = 0; i < 32; ++i) {
    uploads.push_back(Upload().package("a", "1.0.0", "description: " + std::to_string(i) + "\n"));
  }
  const auto outcomes = push_together(uploads);
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"stored", 1}, {"exists", 31}}));
  EXPECT_EQ(stored(), Names{"a-1.0.0.tgz"});
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, many_pushes_at_once_are_all_in_the_index) {
  listed();
  std::vector<Upload> uploads;
  for (int i = 0; i < 60; ++i) uploads.push_back(Upload().package("a", "1.0." + std::to_string(i)));
  EXPECT_EQ(push_together(uploads), (std::map<std::string, int>{{"stored", 60}}));
  EXPECT_EQ(listed().size(), 60U);
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, forms_and_packages_of_one_version_at_once_never_mix) {
  for (int round = 0; round < 20; ++round) {
    const std::string version = "1.0." + std::to_string(round);
    const std::vector<Upload> uploads = {Upload().package("a", version),
                                         Upload().package("a", version).provenance("a", version),
                                         Upload().provenance("a", version, "other"),
                                         Upload().package("a", version).provenance("a", version)};
    const auto outcomes = push_together(uploads);
    const bool package = store->bytes("org/a-" + version + ".tgz").has_value();
    const bool provenance = store->bytes("org/a-" + version + ".tgz.prov").has_value();
    EXPECT_TRUE(package || provenance);
    EXPECT_GE(outcomes.at("stored"), 1);
    EXPECT_EQ(outcomes.at("stored") + outcomes.at("exists"), 4);
  }
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, stores_no_more_objects_than_allowed_also_at_once) {
  settings.max_storage_objects = 5;
  open();
  store->place("org/index-cache.yaml", "entries: {}");  // does not count
  place("a", "1.0.0");
  store->place("org/broken.tgz", "counts too");
  std::vector<Upload> uploads;
  for (int i = 0; i < 10; ++i) uploads.push_back(Upload().package("b", "1.0." + std::to_string(i)));
  EXPECT_EQ(push_together(uploads), (std::map<std::string, int>{{"stored", 3}, {"limit", 7}}));
  EXPECT_EQ(stored().size(), 5U);
  // Overwriting adds nothing.
  EXPECT_TRUE(push(Upload().package("a", "1.0.0").force()));
  EXPECT_EQ(kind_of_refusal(push("a", "1.0.0")), Refusal::exists);
  store->take_away("org/broken.tgz");
  // A form needs room for both.
  EXPECT_EQ(kind_of_refusal(push(Upload().package("c", "1.0.0").provenance("c", "1.0.0"))),
            Refusal::limit_reached);
  EXPECT_TRUE(push("c", "1.0.0"));
  expect_index_equals_storage();
}

TEST_F(RepositoryChanges, removes_the_oldest_version_beyond_the_limit_with_its_provenance) {
  settings.per_chart_limit = 2;
  open();
  store->place("org/a-9.0.0.tgz", package_bytes_of("a", "9.0.0"),
               Timestamp(std::chrono::seconds(1)));
  store->place("org/a-9.0.0.tgz.prov", "signed");
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"),
               Timestamp(std::chrono::seconds(2)));
  store->place("org/a-b-1.0.0.tgz", package_bytes_of("a-b", "1.0.0"),
               Timestamp(std::chrono::seconds(0)));
  ASSERT_TRUE(push("a", "2.0.0"));
  EXPECT_EQ(stored(), (Names{"a-1.0.0.tgz", "a-2.0.0.tgz", "a-b-1.0.0.tgz"}));
  EXPECT_EQ(listed(), (Names{"a-2.0.0.tgz", "a-1.0.0.tgz", "a-b-1.0.0.tgz"}));
  ASSERT_TRUE(push(Upload().package("a", "1.0.0").force()));
  EXPECT_EQ(stored().size(), 3U);
  ASSERT_TRUE(push("a", "3.0.0"));
  EXPECT_EQ(listed(), (Names{"a-3.0.0.tgz", "a-1.0.0.tgz", "a-b-1.0.0.tgz"}));
}

TEST_F(RepositoryChanges, never_removes_the_version_just_pushed_though_others_claim_to_be_newer) {
  settings.per_chart_limit = 1;
  open();
  store->place("org/a-1.0.0.tgz", package_bytes_of("a", "1.0.0"), now() + std::chrono::hours(1000));
  ASSERT_TRUE(push("a", "2.0.0"));
  EXPECT_EQ(listed(), Names{"a-2.0.0.tgz"});
}

TEST_F(RepositoryChanges, keeps_the_limit_when_many_versions_are_pushed_at_once) {
  settings.per_chart_limit = 3;
  open();
  std::vector<Upload> uploads;
  for (int i = 0; i < 20; ++i) uploads.push_back(Upload().package("a", "1.0." + std::to_string(i)));
  EXPECT_EQ(push_together(uploads), (std::map<std::string, int>{{"stored", 20}}));
  EXPECT_EQ(listed().size(), 3U);
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(RepositoryChanges, removes_a_version_with_its_provenance) {
  ASSERT_TRUE(push(Upload().package("a", "1.0.0").provenance("a", "1.0.0")));
  ASSERT_TRUE(push("a", "1.1.0"));
  ASSERT_TRUE(remove("a", "1.0.0"));
  EXPECT_EQ(stored(), Names{"a-1.1.0.tgz"});
  EXPECT_EQ(listed(), Names{"a-1.1.0.tgz"});
  EXPECT_EQ(kind_of_refusal(remove("a", "1.0.0")), Refusal::absent);
  EXPECT_EQ(kind_of_refusal(remove("a", "^1")), Refusal::absent);
  EXPECT_EQ(kind_of_refusal(remove("a", "../1")), Refusal::absent);
  EXPECT_TRUE(push("a", "1.0.0"));
}

TEST_F(RepositoryChanges, removes_every_object_that_holds_the_version) {
  place("a", "1.0.0");
  place("a", "1.0.0", "again.tgz");
  ASSERT_TRUE(remove("a", "1.0.0"));
  EXPECT_TRUE(listed().empty());
  EXPECT_TRUE(stored().empty());
}

TEST_F(RepositoryChanges, removes_a_broken_package_by_its_usual_name) {
  store->place("org/a-1.0.0.tgz", "broken");
  listed();
  EXPECT_TRUE(remove("a", "1.0.0"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(RepositoryChanges, removes_nothing_where_the_usual_name_belongs_to_another_chart) {
  for (const bool seen : {true, false}) {
    ASSERT_TRUE(push("a-1", "2.0.0"));
    if (seen) listed();
    EXPECT_EQ(kind_of_refusal(remove("a", "1-2.0.0")), Refusal::absent);
    EXPECT_EQ(stored(), Names{"a-1-2.0.0.tgz"});
    ASSERT_TRUE(remove("a-1", "2.0.0"));
    place("b-1", "2.0.0");
    EXPECT_EQ(kind_of_refusal(remove("b", "1-2.0.0")), Refusal::absent);
    ASSERT_TRUE(remove("b-1", "2.0.0"));
  }
}

TEST_F(RepositoryChanges, removes_a_package_that_no_watch_told_of) {
  settings.watch = false;
  settings.cache_interval = std::chrono::hours(1);
  open();
  listed();
  place("a", "1.0.0");
  EXPECT_TRUE(remove("a", "1.0.0"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(RepositoryChanges, keeps_a_provenance_file_that_waits_for_its_package) {
  ASSERT_TRUE(push(Upload().provenance("a", "1.0.0")));
  EXPECT_EQ(kind_of_refusal(remove("a", "1.0.0")), Refusal::absent);
  EXPECT_EQ(stored(), Names{"a-1.0.0.tgz.prov"});
}

TEST_F(RepositoryChanges, a_push_during_a_comparison_is_neither_lost_nor_undone) {
  for (const Operation held : {Operation::list, Operation::get}) {
    store = std::make_shared<storage::MemoryStore>();
    open();
    place("a", "1.0.0");
    listed();
    store->forget_calls();
    // The hold comes before the word that starts the comparison: else that may be over by then.
    store->hold_changes();
    place("b", "1.0.0");
    auto hold = store->hold(held);
    store->overflow();
    store->tell_changes();
    const Upload upload = Upload().package("c", "1.0.0");
    boost::asio::io_context context;
    boost::asio::co_spawn(
        context,
        [](Repository& into, storage::MemoryStore::Hold& at, Push push) -> Task<> {
          co_await at.reached();
          const Outcome<void> outcome = co_await into.push(std::move(push));
          EXPECT_TRUE(outcome);
          const Outcome<void> removed = co_await into.remove("a", "1.0.0");
          at.release();
          EXPECT_TRUE(removed || removed.error().kind == Refusal::unavailable);
        }(*repository, hold, upload.push()),
        boost::asio::detached);
    // remove() waits for the comparison, which waits for release().
    std::thread releaser([hold]() mutable {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      hold.release();
    });
    context.run();
    releaser.join();
    EXPECT_EQ(listed(), (Names{"b-1.0.0.tgz", "c-1.0.0.tgz"}));
    expect_index_equals_storage();
  }
}

TEST_F(RepositoryChanges, follows_a_storm_of_changes_by_clients_and_others) {
  listed();
  std::thread others([this] {
    for (int i = 0; i < 200; ++i) {
      place("o", "1.0." + std::to_string(i % 20), "o" + std::to_string(i % 13) + ".tgz");
      if (i % 3 == 0) store->take_away("org/o" + std::to_string(i % 7) + ".tgz");
    }
  });
  for (int round = 0; round < 10; ++round) {
    std::vector<Upload> uploads;
    for (int i = 0; i < 10; ++i) {
      uploads.push_back(
          Upload().package("c", "1." + std::to_string(round) + '.' + std::to_string(i)));
    }
    EXPECT_EQ(push_together(uploads), (std::map<std::string, int>{{"stored", 10}}));
    EXPECT_TRUE(remove("c", "1." + std::to_string(round) + ".0"));
  }
  others.join();
  expect_index_equals_storage();
}

}  // namespace
}  // namespace chartmuseum::repository
