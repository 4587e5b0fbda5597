// SPDX-License-Identifier: Apache-2.0
#include "repository_fixture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chartmuseum::repository {
namespace {

using storage::Failure;
using storage::FailureKind;
using storage::MemoryStore;
using storage::Operation;

constexpr FailureKind kKinds[] = {FailureKind::unavailable, FailureKind::full, FailureKind::denied,
                                  FailureKind::invalid};
constexpr Operation kOperations[] = {Operation::get, Operation::stat, Operation::put,
                                     Operation::remove, Operation::list};

/// What is stored of a-1.0.0: the package's and the provenance file's bytes.
using Pair = std::pair<std::optional<std::string>, std::optional<std::string>>;

class RepositoryFaults : public RepositoryTest {
 protected:
  Pair stored_pair() {
    return {store->bytes("org/a-1.0.0.tgz"), store->bytes("org/a-1.0.0.tgz.prov")};
  }

  /// Runs `change` from `before` with every call of every operation failing in every way, until
  /// there are no calls left to fail: all of it happened, or none, and the index is right.
  template <class Change>
  void fail_everywhere(const Pair& before, const Pair& after, Change change) {
    for (const Operation operation : kOperations) {
      for (const FailureKind kind : kKinds) {
        for (const auto effect : {MemoryStore::Effect::none, MemoryStore::Effect::done}) {
          for (std::size_t nth = 1; nth < 20; ++nth) {
            SCOPED_TRACE(::testing::Message() << "operation " << static_cast<int>(operation)
                                              << " kind " << static_cast<int>(kind) << " effect "
                                              << static_cast<int>(effect) << " call " << nth);
            store = std::make_shared<MemoryStore>();
            if (before.first) store->place("org/a-1.0.0.tgz", *before.first);
            if (before.second) store->place("org/a-1.0.0.tgz.prov", *before.second);
            open();
            index();
            store->forget_calls();
            store->fail(operation, Failure{kind, "injected"}, nth, effect);
            const Outcome<void> outcome = change();
            const std::size_t calls = store->count(operation);
            const Pair left = stored_pair();
            if (outcome) {
              EXPECT_EQ(left, after);
            } else {
              // An effect whose acknowledgement is lost may have made it whole.
              EXPECT_TRUE(left == before || left == after);
              EXPECT_NE(outcome.error().kind, Refusal::exists);
            }
            store->repair();
            expect_index_equals_storage();
            if (nth > calls) break;
          }
        }
      }
    }
  }

  const std::string old_package = package_bytes_of("a", "1.0.0", "description: old\n");
};

TEST_F(RepositoryFaults, a_pushed_package_is_stored_or_not) {
  const Upload upload = Upload().package("a", "1.0.0");
  fail_everywhere({}, {upload.package_bytes(), std::nullopt}, [&] { return push(upload); });
}

TEST_F(RepositoryFaults, a_form_is_stored_whole_or_not_at_all) {
  const Upload upload = Upload().package("a", "1.0.0").provenance("a", "1.0.0");
  fail_everywhere({}, {upload.package_bytes(), "signed"}, [&] { return push(upload); });
}

TEST_F(RepositoryFaults, a_forced_form_replaces_both_or_neither) {
  const Upload upload = Upload().package("a", "1.0.0").provenance("a", "1.0.0").force();
  fail_everywhere({old_package, "old"}, {upload.package_bytes(), "signed"},
                  [&] { return push(upload); });
}

TEST_F(RepositoryFaults, a_forced_form_over_a_package_without_provenance_replaces_all_or_nothing) {
  const Upload upload = Upload().package("a", "1.0.0").provenance("a", "1.0.0").force();
  fail_everywhere({old_package, std::nullopt}, {upload.package_bytes(), "signed"},
                  [&] { return push(upload); });
}

TEST_F(RepositoryFaults, a_version_is_removed_with_its_provenance_or_not_at_all) {
  fail_everywhere({old_package, "old"}, {}, [&] { return remove("a", "1.0.0"); });
}

TEST_F(RepositoryFaults, says_what_failed_in_its_kind_alone) {
  listed();
  const std::pair<FailureKind, Refusal> expected[] = {
      {FailureKind::full, Refusal::storage_full},
      {FailureKind::denied, Refusal::storage_failed},
      {FailureKind::unavailable, Refusal::unavailable},
      {FailureKind::invalid, Refusal::invalid}};
  for (const auto& [kind, refusal] : expected) {
    store->fail(Operation::put, Failure{kind, "/srv/charts: broken"});
    const Outcome<void> outcome = push("a", "1.0.0");
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, refusal);
    EXPECT_EQ(outcome.error().detail, "/srv/charts: broken");
    EXPECT_EQ(outcome.error().message.find("/srv"), std::string::npos);
  }
}

TEST_F(RepositoryFaults, what_a_dying_process_leaves_behind_is_served_by_the_next) {
  const Upload upload = Upload().package("a", "1.0.0").provenance("a", "1.0.0");
  for (std::size_t calls = 0; calls < 20; ++calls) {
    store = std::make_shared<MemoryStore>();
    open();
    index();
    store->stop_after(calls);
    const Outcome<void> outcome = push(upload);
    // From here on as if the process had died: a new one on what is stored.
    close();
    store->repair();
    open();
    expect_index_equals_storage();
    const bool package = store->bytes("org/a-1.0.0.tgz").has_value();
    EXPECT_EQ(listed().size(), package ? 1U : 0U);
    if (outcome) {
      EXPECT_TRUE(package);
      return;
    }
  }
  FAIL() << "never succeeded";
}

TEST_F(RepositoryFaults, a_push_that_failed_can_be_tried_again) {
  listed();
  const Upload upload = Upload().package("a", "1.0.0").provenance("a", "1.0.0");
  for (std::size_t nth = 1; nth <= 2; ++nth) {
    store->fail(Operation::put, Failure{FailureKind::full, "no space"}, nth);
    EXPECT_FALSE(push(upload));
    store->repair();
    EXPECT_TRUE(stored().empty());
  }
  EXPECT_TRUE(push(upload));
  EXPECT_EQ(listed(), Names{"a-1.0.0.tgz"});
}

}  // namespace
}  // namespace chartmuseum::repository
