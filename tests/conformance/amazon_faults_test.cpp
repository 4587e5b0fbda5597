// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_task.hpp"
#include "storage/amazon/protocol.hpp"
#include "storage/remote/remote_store.hpp"
#include "support/fault_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::storage {
namespace {

using chartmuseum::test::Fault;
using chartmuseum::test::FaultProxy;
using chartmuseum::test::ServerProcess;
using testing::HasSubstr;

const std::string kBytes = std::string(100'000, 'b');

class FixedKeys final : public amazon::CredentialSource {
 public:
  [[nodiscard]] std::string name() const override { return "a test"; }
  Task<amazon::FoundCredentials> find() override {
    co_return Expiring<amazon::Credentials>{{"S3RVER", "S3RVER", ""}};
  }
};

std::string kind_of(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::denied:
      return "denied";
    case FailureKind::throttled:
      return "throttled";
    case FailureKind::unavailable:
      return "unavailable";
    default:
      return "other: " + failure.detail;
  }
}

std::string outcome(const Result<std::optional<Object>>& got) {
  if (!got) return kind_of(got.error());
  if (!*got) return "absent";
  return (*got)->bytes == kBytes ? "done" : "other bytes";
}

std::string read_all(ObjectStore& store) {
  const auto opened = run_task(store.open("org/there"));
  if (!opened) return kind_of(opened.error());
  if (!*opened) return "absent";
  const auto stream = std::get<std::shared_ptr<ObjectStream>>((*opened)->content);
  std::string bytes;
  for (;;) {
    const auto piece = run_task(stream->next());
    if (!piece) return kind_of(piece.error());
    if (piece->empty()) return bytes == kBytes ? "done" : "other bytes";
    bytes += *piece;
  }
}

struct Operation {
  std::string name;
  bool reads_a_body = false;
  std::function<std::string(ObjectStore&)> run;
};

/// "org/there" is there before each of them, "org/new" is not.
const std::vector<Operation>& operations() {
  static const std::vector<Operation> all{
      {"get", true,
       [](ObjectStore& store) { return outcome(run_task(store.get("org/there", 1 << 20))); }},
      {"open", true, read_all},
      {"stat", false,
       [](ObjectStore& store) -> std::string {
         const auto found = run_task(store.stat("org/there"));
         if (!found) return kind_of(found.error());
         return *found ? "done" : "absent";
       }},
      {"list", true,
       [](ObjectStore& store) {
         const auto listed = run_task(store.list("org"));
         if (!listed) return kind_of(listed.error());
         return std::string(listed->size() == 1 ? "done" : "other objects");
       }},
      {"create", false,
       [](ObjectStore& store) {
         const auto stored = run_task(store.put("org/new", kBytes, PutCondition::create_only));
         return stored ? "done" : kind_of(stored.error());
       }},
      {"overwrite", false,
       [](ObjectStore& store) {
         const auto stored = run_task(store.put("org/there", kBytes, PutCondition::overwrite));
         return stored ? "done" : kind_of(stored.error());
       }},
      {"remove", false, [](ObjectStore& store) -> std::string {
         const auto removed = run_task(store.remove("org/there"));
         if (!removed) return kind_of(removed.error());
         return *removed ? "done" : "absent";
       }}};
  return all;
}

std::string error(const std::string& code) {
  return "<Error><Code>" + code + "</Code></Error>";
}

struct Case {
  Fault fault;
  std::string once;    // what may become of an operation if one of its calls fails
  std::string always;  // what becomes of it if all do
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {{.kind = "answer", .status = 500}, "done", "unavailable"},
      {{.kind = "answer", .status = 503, .headers = {{"Retry-After", "0"}}}, "done", "unavailable"},
      {{.kind = "answer", .status = 429}, "done", "throttled"},
      {{.kind = "answer", .status = 400, .body = error("ExpiredToken")}, "done", "denied"},
      // What is asked afterwards, or again by another method, may go well.
      {{.kind = "answer", .status = 403, .body = error("AccessDenied")}, "denied done", "denied"},
      {{.kind = "answer", .status = 404, .body = error("NoSuchBucket")}, "denied done", "denied"},
      {{.kind = "reset"}, "done", "unavailable"},
      {{.kind = "lose_response"}, "done", "unavailable"}};
  return all;
}

/// Of answers that have bodies.
const std::vector<Case>& body_cases() {
  static const std::vector<Case> all{
      {{.kind = "reset_body", .bytes = 10}, "done", "unavailable"},
      {{.kind = "truncate", .bytes = 10}, "done", "unavailable"},
      {{.kind = "replace_body", .body = "<html>hello</html>"}, "done unavailable", "unavailable"}};
  return all;
}

/// Puts are sent whole, or in parts of so many bytes.
class AmazonFaults : public testing::TestWithParam<std::uint64_t> {
 protected:
  static const auto& server() {
    static const auto started = ServerProcess::start("s3rver", {"--conditional-writes"});
    return started;
  }
  static auto& proxy() {
    static auto started = FaultProxy::start(server()->fact("url"));
    return started;
  }

  void SetUp() override {
    if (!server()) GTEST_SKIP() << server().error();
    if (!proxy()) GTEST_SKIP() << proxy().error();
    proxy()->heal();
    const auto authorizer = std::make_shared<amazon::AmazonAuthorizer>(
        std::vector<std::shared_ptr<amazon::CredentialSource>>{std::make_shared<FixedKeys>()},
        "us-east-1", "s3");
    transport::RetryPolicy policy;
    policy.first = std::chrono::milliseconds(1);
    const auto caller =
        std::make_shared<Caller>(std::make_shared<transport::Client>(), authorizer, policy);
    amazon::ProtocolSettings settings;
    settings.bucket = server()->fact("bucket");
    settings.part_size = GetParam();
    store_ = make_remote_store(
        caller,
        std::make_shared<amazon::S3Protocol>(
            settings, *amazon::Endpoint::of(proxy()->url(), "us-east-1", settings.bucket, true),
            caller, authorizer),
        "faults/");
  }

  std::string run(const Operation& operation, const Fault& fault) {
    proxy()->heal();
    EXPECT_TRUE(run_task(store_->put("org/there", kBytes, PutCondition::overwrite)));
    EXPECT_TRUE(run_task(store_->remove("org/new")));
    proxy()->forget_calls();
    proxy()->fail(fault);
    std::string ended = operation.run(*store_);
    faults_ = proxy()->calls().faults;
    proxy()->heal();
    return ended;
  }

  void fail_once(const Operation& operation, const Case& one) {
    for (int after = 0;; ++after) {
      SCOPED_TRACE(operation.name + ": call " + std::to_string(after) + ": " + one.fault.kind +
                   " " + std::to_string(one.fault.status));
      Fault fault = one.fault;
      fault.after = after;
      const std::string ended = run(operation, fault);
      if (faults_ == 0) return;
      EXPECT_THAT(one.once, HasSubstr(ended));
      if (ended == "done" && operation.name == "create") {
        EXPECT_TRUE(holds("org/new"));
      }
      if (operation.name != "remove") {
        EXPECT_TRUE(holds("org/there"));
      }
    }
  }

  void fail_always(const Operation& operation, const Case& one) {
    SCOPED_TRACE(operation.name + ": " + one.fault.kind + " " + std::to_string(one.fault.status));
    Fault fault = one.fault;
    fault.times = 0;
    EXPECT_EQ(run(operation, fault), one.always);
    EXPECT_GT(faults_, 0);
    // Of a removal whose answers were lost nobody can say.
    if (operation.name != "remove") {
      EXPECT_TRUE(holds("org/there"));
    }
  }

  [[nodiscard]] bool holds(const std::string& key) const {
    return outcome(run_task(store_->get(key, 1 << 20))) == "done";
  }

  std::unique_ptr<ObjectStore> store_;
  int faults_ = 0;
};

TEST_P(AmazonFaults, of_any_one_call_are_overcome_or_told) {
  for (const Operation& operation : operations()) {
    for (const Case& one : cases()) fail_once(operation, one);
    if (!operation.reads_a_body) continue;
    for (const Case& one : body_cases()) fail_once(operation, one);
  }
}

TEST_P(AmazonFaults, of_all_calls_end_with_the_right_kind_of_failure) {
  for (const Operation& operation : operations()) {
    for (const Case& one : cases()) fail_always(operation, one);
    if (!operation.reads_a_body) continue;
    for (const Case& one : body_cases()) fail_always(operation, one);
  }
}

INSTANTIATE_TEST_SUITE_P(Puts, AmazonFaults, testing::Values(1 << 20, 40'000),
                         [](const auto& test) {
                           return test.param < 100'000 ? "in_parts" : "whole";
                         });

}  // namespace
}  // namespace chartmuseum::storage
