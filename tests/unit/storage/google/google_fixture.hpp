// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "storage/google/google_authorizer.hpp"
#include "storage/google/google_protocol.hpp"
#include "storage/remote/remote_store.hpp"
#include "support/failure_name.hpp"
#include "unit/transport/faulty_server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::storage::google::test {

using transport::test::FaultyServer;
using transport::test::ok;
using transport::test::ReceivedRequest;
using transport::test::ServerConnection;

inline std::string status(const std::string& line, const std::string& body = "",
                          const std::string& headers = "") {
  return "HTTP/1.1 " + line + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

/// A refusal as the JSON API writes it.
inline std::string refused(const std::string& line, const std::string& reason,
                           const std::string& message) {
  return status(line,
                R"({"error":{"code":)" + line.substr(0, 3) + R"(,"message":")" + message +
                    R"(","errors":[{"message":")" + message + R"(","domain":"global","reason":")" +
                    reason + R"("}]}})",
                "Content-Type: application/json; charset=UTF-8\r\n");
}

/// An empty list.
inline constexpr const char* kNoObjects = R"({"kind":"storage#objects"})";

/// An object's resource. `more` is of the form `,"member":value`.
inline std::string resource(const std::string& name, std::size_t size,
                            const std::string& more = "") {
  return R"({"name":")" + name + R"(","size":")" + std::to_string(size) +
         R"(","generation":"1777369647609324","updated":"2026-04-28T09:47:27.612Z")" + more + "}";
}

template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "done" : name_of(result.error().kind);
}

template <class T>
std::string outcome(const Result<std::optional<T>>& result) {
  if (!result) return name_of(result.error().kind);
  return *result ? "found" : "absent";
}

/// A store on Google's service, which is a script.
class GoogleStoreTest : public testing::Test {
 protected:
  /// Answers all requests, of whichever connection.
  void serve(std::function<std::string(const ReceivedRequest&)> answer) {
    serve_connections(transport::test::answering(
        [this, answer = std::move(answer)](const ReceivedRequest& request) {
          note(request);
          return answer(request);
        }));
  }

  void serve_connections(FaultyServer::Script script) {
    server_ = std::make_unique<FaultyServer>(std::move(script));
    transport::RetryPolicy policy;
    policy.first = std::chrono::milliseconds(1);
    transport::RetryPolicy once;
    once.attempts = 1;
    const auto client = std::make_shared<transport::Client>();
    const auto caller = std::make_shared<Caller>(client, authorizer_, policy);
    GoogleService service{.base = server_->url(""), .bucket = "charts"};
    service.largest_single = largest_single_;
    store_ =
        make_remote_store(caller,
                          std::make_shared<GoogleProtocol>(
                              std::move(service), caller,
                              std::make_shared<Caller>(client, authorizer_, once), std::nullopt),
                          "pre/");
  }

  void note(const ReceivedRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }

  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// "GET /storage/v1/..."
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const ReceivedRequest& request : requests()) {
      lines.push_back(request.line.substr(0, request.line.rfind(' ')));
    }
    return lines;
  }

  std::shared_ptr<Authorizer> authorizer_ = make_no_authorizer();
  std::uint64_t largest_single_ = 16 << 20;
  std::unique_ptr<FaultyServer> server_;
  std::unique_ptr<ObjectStore> store_;

 private:
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
};

}  // namespace chartmuseum::storage::google::test
