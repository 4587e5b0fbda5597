// SPDX-License-Identifier: Apache-2.0
#include "conformance/run_task.hpp"
#include "storage/google/google_authorizer.hpp"
#include "storage/google/google_protocol.hpp"
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

const std::string kBytes = std::string(100'000, 'b');

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
  std::function<std::string(ObjectStore&)> run;
};

/// "org/there" is there before each of them, "org/new" is not.
const std::vector<Operation>& operations() {
  static const std::vector<Operation> all{
      {"get",
       [](ObjectStore& store) { return outcome(run_task(store.get("org/there", 1 << 20))); }},
      {"open", read_all},
      {"stat",
       [](ObjectStore& store) -> std::string {
         const auto found = run_task(store.stat("org/there"));
         if (!found) return kind_of(found.error());
         return *found ? "done" : "absent";
       }},
      {"list",
       [](ObjectStore& store) {
         const auto listed = run_task(store.list("org"));
         if (!listed) return kind_of(listed.error());
         return std::string(listed->size() == 1 ? "done" : "other objects");
       }},
      {"create",
       [](ObjectStore& store) {
         const auto stored = run_task(store.put("org/new", kBytes, PutCondition::create_only));
         return stored ? "done" : kind_of(stored.error());
       }},
      {"overwrite",
       [](ObjectStore& store) {
         const auto stored = run_task(store.put("org/there", kBytes, PutCondition::overwrite));
         return stored ? "done" : kind_of(stored.error());
       }},
      {"remove", [](ObjectStore& store) -> std::string {
         const auto removed = run_task(store.remove("org/there"));
         if (!removed) return kind_of(removed.error());
         return *removed ? "done" : "absent";
       }}};
  return all;
}

struct Case {
  Fault fault;
  std::string once;    // what becomes of an operation if one of its calls fails
  std::string always;  // if all do
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {{.kind = "answer", .status = 500}, "done", "unavailable"},
      {{.kind = "answer", .status = 503, .headers = {{"Retry-After", "0"}}}, "done", "unavailable"},
      {{.kind = "answer", .status = 429}, "done", "throttled"},
      {{.kind = "answer", .status = 403, .body = "no permission"}, "denied", "denied"},
      {{.kind = "answer", .status = 404, .body = "The specified bucket does not exist."},
       "denied",
       "denied"},
      {{.kind = "reset"}, "done", "unavailable"},
      {{.kind = "lose_response"}, "done", "unavailable"},
      {{.kind = "reset_body", .bytes = 10}, "done", "unavailable"},
      {{.kind = "truncate", .bytes = 10}, "done", "unavailable"},
      {{.kind = "raw", .text = "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}, "", "unavailable"},
      {{.kind = "replace_body", .body = "{}"}, "", "unavailable"}};
  return all;
}

class GoogleFaults : public testing::Test {
 protected:
  static const auto& emulator() {
    static const auto started = ServerProcess::start("firebase_storage");
    return started;
  }
  static auto& proxy() {
    static auto started = FaultProxy::start(emulator()->fact("url"));
    return started;
  }

  void SetUp() override {
    if (!emulator()) GTEST_SKIP() << emulator().error();
    if (!proxy()) GTEST_SKIP() << proxy().error();
    proxy()->heal();
    proxy()->set_delay({});
    transport::RetryPolicy policy;
    policy.first = std::chrono::milliseconds(1);
    transport::RetryPolicy once = policy;
    once.attempts = 1;
    const auto client = std::make_shared<transport::Client>();
    const auto caller = std::make_shared<Caller>(client, google::make_no_authorizer(), policy);
    const google::GoogleService service{.base = proxy()->url(), .bucket = "charts"};
    store_ = make_remote_store(
        caller,
        std::make_shared<google::GoogleProtocol>(
            service, caller, std::make_shared<Caller>(client, google::make_no_authorizer(), once),
            std::nullopt),
        "faults/");
  }

  std::string run(const Operation& operation, Fault fault) {
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

  [[nodiscard]] bool holds(const std::string& key) const {
    return outcome(run_task(store_->get(key, 1 << 20))) == "done";
  }

  std::unique_ptr<ObjectStore> store_;
  int faults_ = 0;
};

TEST_F(GoogleFaults, of_any_one_call_are_overcome_or_told) {
  for (const Operation& operation : operations()) {
    for (const Case& one : cases()) {
      if (one.once.empty()) continue;
      for (int after = 0;; ++after) {
        SCOPED_TRACE(operation.name + ": call " + std::to_string(after) + ": " + one.fault.kind +
                     " " + std::to_string(one.fault.status));
        Fault fault = one.fault;
        fault.after = after;
        const std::string ended = run(operation, fault);
        if (faults_ == 0) break;
        EXPECT_EQ(ended, one.once);
        if (ended == "done" && operation.name == "create") {
          EXPECT_TRUE(holds("org/new"));
        }
        if (operation.name != "remove") {
          EXPECT_TRUE(holds("org/there"));
        }
      }
    }
  }
}

TEST_F(GoogleFaults, of_all_calls_end_with_the_right_kind_of_failure) {
  for (const Operation& operation : operations()) {
    for (const Case& one : cases()) {
      SCOPED_TRACE(operation.name + ": " + one.fault.kind + " " + std::to_string(one.fault.status));
      Fault fault = one.fault;
      fault.times = 0;
      EXPECT_EQ(run(operation, fault), one.always);
      EXPECT_GT(faults_, 0);
      if (operation.name != "remove") {
        EXPECT_TRUE(holds("org/there"));
      }
    }
  }
}

}  // namespace
}  // namespace chartmuseum::storage
