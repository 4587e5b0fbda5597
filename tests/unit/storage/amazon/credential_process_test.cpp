// SPDX-License-Identifier: Apache-2.0
#include "storage/amazon/credential_process.hpp"

#include "conformance/run_task.hpp"

#include <gtest/gtest.h>

namespace chartmuseum::storage::amazon {
namespace {

Result<std::string> run(const std::string& command,
                        std::chrono::milliseconds deadline = std::chrono::minutes(1)) {
  CredentialProcess process(deadline);
  return run_task(process.run(command));
}

TEST(CredentialProcess, returns_what_the_program_prints) {
  EXPECT_EQ(run("printf '%s' '{\"a\": \"b c\"}'; echo secret >&2"), "{\"a\": \"b c\"}");
}

TEST(CredentialProcess, one_that_fails_is_a_failure_that_tells_nothing_of_its_output) {
  const auto output = run("echo secret; exit 3");
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, FailureKind::denied);
  EXPECT_FALSE(output.error().detail.contains("secret"));
  EXPECT_FALSE(run("kill -9 $$"));
  EXPECT_FALSE(run("/no/such/program"));
}

TEST(CredentialProcess, one_that_never_ends_is_ended_with_all_it_started) {
  EXPECT_FALSE(run("sleep 1000 & sleep 1000", std::chrono::milliseconds(50)));
  EXPECT_FALSE(run("exec >&-; sleep 1000", std::chrono::milliseconds(50)));
}

TEST(CredentialProcess, one_that_prints_without_end_is_ended) {
  EXPECT_FALSE(run("yes"));
}

}  // namespace
}  // namespace chartmuseum::storage::amazon
