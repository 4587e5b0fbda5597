// SPDX-License-Identifier: Apache-2.0
// What the store makes of a service that fails: azurite behind a proxy that does to single calls
// what it is told.
#include "conformance/run_task.hpp"
#include "storage/microsoft/blob_protocol.hpp"
#include "storage/microsoft/connection_string.hpp"
#include "storage/microsoft/shared_key.hpp"
#include "storage/remote/remote_store.hpp"
#include "support/fault_proxy.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::storage {
namespace {

using namespace microsoft;
using chartmuseum::test::Fault;
using chartmuseum::test::FaultProxy;
using chartmuseum::test::ServerProcess;

/// Signs, and waits less long than a real store does.
class Impatient final : public Authorizer {
 public:
  explicit Impatient(std::shared_ptr<Authorizer> authorizer) : authorizer_(std::move(authorizer)) {}
  Task<Result<transport::Request>> authorize(transport::Request request) override {
    request.timeouts.whole = std::chrono::milliseconds(1'500);
    request.timeouts.stalled = std::chrono::seconds(1);
    return authorizer_->authorize(std::move(request));
  }
  bool may_fare_better(const transport::Response& refusal) override {
    return authorizer_->may_fare_better(refusal);
  }

 private:
  std::shared_ptr<Authorizer> authorizer_;
};

constexpr std::uint64_t kBlock = 1'000;

std::shared_ptr<ObjectStore> make_store(const ServerProcess& server, const std::string& endpoint) {
  transport::RetryPolicy policy;
  policy.attempts = 3;
  policy.first = std::chrono::milliseconds(1);
  policy.longest = std::chrono::milliseconds(5);
  const auto caller = std::make_shared<Caller>(
      std::make_shared<transport::Client>(),
      std::make_shared<Impatient>(make_shared_key_authorizer(
          server.fact("account"), *read_account_key(server.fact("account_key")),
          std::make_shared<ServiceClock>())),
      policy);
  return make_remote_store(
      caller,
      make_blob_protocol(caller, {.service = {.container = server.fact("bucket"),
                                              .endpoint = endpoint,
                                              .credentials = "AZURE_STORAGE_ACCESS_KEY"},
                                  .api_version = "2018-03-28",
                                  .sign_download = {},
                                  .block_size = kBlock}),
      "");
}

std::string name_of(FailureKind kind) {
  using enum FailureKind;
  switch (kind) {
    case denied:
      return "denied";
    case throttled:
      return "throttled";
    case unavailable:
      return "unavailable";
    default:
      return "something else";
  }
}

template <class T>
std::string failed(const Result<T>& result) {
  return "failed: " + name_of(result.error().kind);
}

const std::string kOld(kBlock, 'o');
const std::string kNew(kBlock, 'n');
const std::string kLarge(3 * kBlock, 'l');

/// What can be done to a store in which folder/a is kOld and folder/b is not there.
struct Operation {
  std::string name;
  std::function<std::string(ObjectStore&, const std::string& folder)> run;
  std::string expected;  // without faults
};

std::string stored(ObjectStore& store, const std::string& key, const std::string& bytes,
                   PutCondition condition) {
  const auto result = run_task(store.put(key, bytes, condition));
  return result ? "stored " + std::to_string(result->size) : failed(result);
}

std::string streamed(ObjectStore& store, const std::string& key) {
  const auto opened = run_task(store.open(key));
  if (!opened) return failed(opened);
  if (!*opened) return "absent";
  const auto stream = std::get<std::shared_ptr<ObjectStream>>((*opened)->content);
  for (std::string bytes;;) {
    const auto piece = run_task(stream->next());
    if (!piece) return failed(piece);
    if (piece->empty()) return bytes;
    bytes += *piece;
  }
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = {
      {"get",
       [](ObjectStore& store, const std::string& folder) {
         const auto got = run_task(store.get(folder + "/a", 10'000));
         if (!got) return failed(got);
         return *got ? (*got)->bytes : "absent";
       },
       kOld},
      {"get_start",
       [](ObjectStore& store, const std::string& folder) {
         const auto got = run_task(store.get_start(folder + "/a", 100));
         if (!got) return failed(got);
         return *got ? (*got)->bytes.substr(0, 100) : "absent";
       },
       kOld.substr(0, 100)},
      {"open",
       [](ObjectStore& store, const std::string& folder) { return streamed(store, folder + "/a"); },
       kOld},
      {"stat",
       [](ObjectStore& store, const std::string& folder) {
         const auto found = run_task(store.stat(folder + "/a"));
         if (!found) return failed(found);
         return *found ? std::to_string((*found)->size) : "absent";
       },
       std::to_string(kOld.size())},
      {"list",
       [](ObjectStore& store, const std::string& folder) {
         const auto listed = run_task(store.list(folder));
         if (!listed) return failed(listed);
         std::string names;
         for (const ObjectInfo& object : *listed) names += object.name + " ";
         return names;
       },
       "a "},
      {"create",
       [](ObjectStore& store, const std::string& folder) {
         return stored(store, folder + "/b", kNew, PutCondition::create_only);
       },
       "stored 1000"},
      {"create_in_blocks",
       [](ObjectStore& store, const std::string& folder) {
         return stored(store, folder + "/b", kLarge, PutCondition::create_only);
       },
       "stored 3000"},
      {"overwrite",
       [](ObjectStore& store, const std::string& folder) {
         return stored(store, folder + "/a", kNew, PutCondition::overwrite);
       },
       "stored 1000"},
      {"overwrite_in_blocks",
       [](ObjectStore& store, const std::string& folder) {
         return stored(store, folder + "/a", kLarge, PutCondition::overwrite);
       },
       "stored 3000"},
      {"remove",
       [](ObjectStore& store, const std::string& folder) {
         const auto removed = run_task(store.remove(folder + "/a"));
         if (!removed) return failed(removed);
         return std::string(*removed ? "removed" : "absent");
       },
       "removed"}};
  return all;
}

class MicrosoftFaults : public testing::Test {
 protected:
  static const auto& azurite() {
    static const auto started = ServerProcess::start("azurite");
    return started;
  }

  void SetUp() override {
    if (!azurite()) GTEST_SKIP() << azurite().error();
    auto proxy = FaultProxy::start(azurite()->fact("url"));
    if (!proxy) GTEST_SKIP() << proxy.error();
    proxy_ = std::make_unique<FaultProxy>(std::move(*proxy));
    direct_ = make_store(*azurite(), azurite()->fact("url"));
    faulty_ = make_store(*azurite(), proxy_->url() + '/' + azurite()->fact("account"));
  }

  /// A folder as the operations want it.
  std::string new_folder() {
    static int made = 0;
    const std::string folder = "faults" + std::to_string(++made);
    EXPECT_TRUE(run_task(direct_->put(folder + "/a", kOld, PutCondition::create_only)));
    return folder;
  }

  /// How many calls the operation takes if nothing fails.
  int calls_of(const Operation& operation) {
    proxy_->heal();
    proxy_->forget_calls();
    EXPECT_EQ(operation.run(*faulty_, new_folder()), operation.expected) << operation.name;
    return proxy_->calls().total;
  }

  std::string bytes_of(const std::string& key) { return streamed(*direct_, key); }

  /// Whatever failed: nothing that was acknowledged is lost, and no object is half one.
  void expect_no_loss(const Operation& operation, const std::string& folder,
                      const std::string& outcome) {
    const std::string a = bytes_of(folder + "/a");
    const std::string b = bytes_of(folder + "/b");
    const bool acknowledged = outcome == operation.expected;
    if (operation.name == "create" || operation.name == "create_in_blocks") {
      const std::string& bytes = operation.name == "create" ? kNew : kLarge;
      EXPECT_EQ(a, kOld);
      EXPECT_TRUE(b == bytes || (!acknowledged && b == "absent")) << operation.name;
    } else if (operation.name == "overwrite" || operation.name == "overwrite_in_blocks") {
      const std::string& bytes = operation.name == "overwrite" ? kNew : kLarge;
      EXPECT_TRUE(a == bytes || (!acknowledged && a == kOld)) << operation.name;
    } else if (operation.name == "remove") {
      EXPECT_TRUE(a == "absent" || (!acknowledged && a == kOld));
    } else {
      EXPECT_EQ(a, kOld);
    }
  }

  std::unique_ptr<FaultProxy> proxy_;
  std::shared_ptr<ObjectStore> direct_;
  std::shared_ptr<ObjectStore> faulty_;
};

std::string text_of(const Fault& fault) {
  return fault.kind + " " + std::to_string(fault.status) + " " + fault.body;
}

TEST_F(MicrosoftFaults, a_fault_of_any_single_call_is_nobodys_concern) {
  const std::vector<Fault> faults = {
      {.kind = "reset"},
      {.kind = "reset_request", .bytes = 10},
      {.kind = "lose_response"},
      {.kind = "reset_body", .bytes = 10},
      {.kind = "truncate", .bytes = 10},
      {.kind = "stall"},
      {.kind = "stall", .bytes = 10},
      {.kind = "raw", .text = "what?\r\n\r\n"},
      {.kind = "answer", .status = 500},
      {.kind = "answer", .status = 429},
      {.kind = "answer",
       .status = 503,
       .headers = {{"x-ms-error-code", "ServerBusy"}, {"Retry-After", "0"}}},
      // The clocks differ.
      {.kind = "answer",
       .status = 403,
       .headers = {{"x-ms-error-code", "AuthenticationFailed"},
                   {"Date", "Fri, 01 Jan 2100 00:00:00 GMT"}}},
  };
  for (const Operation& operation : operations()) {
    const int calls = calls_of(operation);
    for (Fault fault : faults) {
      for (fault.after = 0; fault.after < calls; ++fault.after) {
        const std::string folder = new_folder();
        // Each with a clock of its own.
        faulty_ = make_store(*azurite(), proxy_->url() + '/' + azurite()->fact("account"));
        proxy_->heal();
        proxy_->fail(fault);
        const std::string outcome = operation.run(*faulty_, folder);
        EXPECT_EQ(outcome.substr(0, 40), operation.expected.substr(0, 40))
            << operation.name << ", call " << fault.after << ": " << text_of(fault);
        expect_no_loss(operation, folder, outcome);
      }
    }
  }
}

TEST_F(MicrosoftFaults, that_last_are_told_by_their_kind_and_never_as_absence) {
  const std::vector<std::pair<Fault, std::string>> faults = {
      {{.kind = "reset"}, "unavailable"},
      {{.kind = "raw", .text = "what?\r\n\r\n"}, "unavailable"},
      {{.kind = "stall"}, "unavailable"},
      {{.kind = "answer", .status = 500}, "unavailable"},
      {{.kind = "answer", .status = 503}, "unavailable"},
      {{.kind = "answer", .status = 404}, "unavailable"},
      {{.kind = "answer", .status = 302, .headers = {{"Location", "/elsewhere"}}}, "unavailable"},
      {{.kind = "answer", .status = 404, .body = "<html>no such site</html>"}, "unavailable"},
      {{.kind = "answer", .status = 503, .headers = {{"x-ms-error-code", "ServerBusy"}}},
       "throttled"},
      {{.kind = "answer", .status = 429, .headers = {{"Retry-After", "3600"}}}, "throttled"},
      {{.kind = "answer", .status = 401}, "denied"},
      {{.kind = "answer", .status = 403}, "denied"},
      {{.kind = "answer", .status = 404, .headers = {{"x-ms-error-code", "ContainerNotFound"}}},
       "denied"},
  };
  for (const Operation& operation : operations()) {
    for (auto [fault, kind] : faults) {
      const bool each_kind =
          operation.name == "get" || operation.name == "create" || operation.name == "list";
      if (fault.kind == "stall" && !each_kind) continue;  // it takes long
      const std::string folder = new_folder();
      fault.times = 0;
      proxy_->heal();
      proxy_->fail(fault);
      const std::string outcome = operation.run(*faulty_, folder);
      EXPECT_EQ(outcome, "failed: " + kind) << operation.name << ": " << text_of(fault);
      expect_no_loss(operation, folder, outcome);
      if (fault.kind == "stall") continue;  // the service may have done it
      proxy_->heal();
      EXPECT_EQ(operation.run(*faulty_, folder), operation.expected) << operation.name;
    }
  }
}

TEST_F(MicrosoftFaults, a_download_of_the_wrong_length_is_an_outage) {
  for (const Operation& operation : operations()) {
    if (operation.name != "get" && operation.name != "open") continue;
    proxy_->heal();
    proxy_->fail({.kind = "wrong_length", .method = "GET", .times = 0, .length = 100'000});
    EXPECT_EQ(operation.run(*faulty_, new_folder()), "failed: unavailable") << operation.name;
  }
}

TEST_F(MicrosoftFaults, an_answer_that_makes_no_sense_is_an_outage) {
  for (const std::string body : {"", "<html>Sign in</html>", "<EnumerationResults>"}) {
    for (const Operation& operation : operations()) {
      if (operation.name != "get" && operation.name != "open" && operation.name != "list") continue;
      proxy_->heal();
      proxy_->fail({.kind = "replace_body", .method = "GET", .times = 0, .body = body});
      EXPECT_EQ(operation.run(*faulty_, new_folder()), "failed: unavailable")
          << operation.name << ": " << body;
    }
  }
}

}  // namespace
}  // namespace chartmuseum::storage
