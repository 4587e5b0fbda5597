// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "storage/microsoft/blob_protocol.hpp"
#include "storage/microsoft/shared_key.hpp"
#include "storage/remote/remote_store.hpp"
#include "unit/storage/remote/remote_fixture.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::storage::test {

/// A store whose Blob Storage is a script. Its blocks have ten bytes.
class BlobStoreTest : public testing::Test {
 protected:
  using Answer = std::function<std::string(const ReceivedRequest&)>;

  void serve(Answer answer) {
    serve_connections(transport::test::answering(
        [this, answer = std::move(answer)](const ReceivedRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          return answer(request);
        }));
  }

  /// The answers to the first, the second ... request; the last one to all that follow.
  void serve_in_turn(std::vector<std::string> answers) {
    serve([answers = std::move(answers), next = std::size_t{0}](const ReceivedRequest&) mutable {
      return answers[std::min(next++, answers.size() - 1)];
    });
  }

  void serve_connections(FaultyServer::Script script) {
    server_ = std::make_unique<FaultyServer>(std::move(script));
    transport::RetryPolicy policy;
    policy.first = std::chrono::milliseconds(1);
    policy.longest = std::chrono::milliseconds(10);
    authorizer_ = microsoft::make_shared_key_authorizer(
        "acct", {"key"}, std::make_shared<microsoft::ServiceClock>());
    const auto caller =
        std::make_shared<Caller>(std::make_shared<transport::Client>(), authorizer_, policy);
    store_ = make_remote_store(caller,
                               microsoft::make_blob_protocol(
                                   caller, {.service = {.container = "charts",
                                                        .endpoint = server_->url("/acct"),
                                                        .credentials = "AZURE_STORAGE_ACCESS_KEY"},
                                            .api_version = "2018-03-28",
                                            .sign_download = {},
                                            .block_size = 10}),
                               "pre/");
  }

  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// "GET /acct/charts/pre/key", in the order in which they came.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const ReceivedRequest& request : requests()) {
      lines.push_back(request.line.substr(0, request.line.rfind(' ')));
    }
    return lines;
  }

  Result<ObjectInfo> put(const std::string& bytes,
                         PutCondition condition = PutCondition::overwrite) {
    return run_task(store_->put("a b.tgz", bytes, condition));
  }

  std::unique_ptr<FaultyServer> server_;
  std::shared_ptr<Authorizer> authorizer_;
  std::unique_ptr<ObjectStore> store_;

 private:
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
};

/// What every answer about a blob that exists has.
inline const std::string kBlobHeaders =
    "ETag: \"0x8D\"\r\nLast-Modified: Sun, 22 Nov 2026 20:35:59 GMT\r\n";

inline std::string refused(const std::string& line, const std::string& code) {
  return status(line, "<Error><Code>" + code + "</Code></Error>",
                "x-ms-error-code: " + code + "\r\n");
}

/// To a HEAD.
inline std::string refused_without_body(const std::string& line, const std::string& code) {
  return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\nx-ms-error-code: " + code + "\r\n\r\n";
}

inline std::string created() {
  return status("201 Created", "", kBlobHeaders);
}

}  // namespace chartmuseum::storage::test
