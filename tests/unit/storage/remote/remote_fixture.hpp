// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "storage/remote/remote_store.hpp"
#include "support/failure_name.hpp"
#include "unit/storage/remote/plain_protocol.hpp"
#include "unit/transport/faulty_server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::storage::test {

using transport::test::FaultyServer;
using transport::test::ReceivedRequest;
using transport::test::ServerConnection;

/// A store whose service is a script.
class RemoteStoreTest : public testing::Test {
 protected:
  /// Answers all requests, of whichever connection.
  void serve(std::function<std::string(const ReceivedRequest&)> answer) {
    serve_connections(transport::test::answering(
        [this, answer = std::move(answer)](const ReceivedRequest& request) {
          const std::lock_guard lock(mutex_);
          lines_.push_back(request.line.substr(0, request.line.rfind(' ')));
          return answer(request);
        }));
  }
  void serve_connections(FaultyServer::Script script) {
    server_ = std::make_unique<FaultyServer>(std::move(script));
    transport::RetryPolicy policy;
    policy.first = std::chrono::milliseconds(1);
    caller_ = std::make_shared<Caller>(std::make_shared<transport::Client>(), tickets_, policy);
    protocol_ = std::make_shared<PlainProtocol>(caller_, server_->url());
    store_ = make_remote_store(caller_, protocol_, "pre/fix/");
  }

  /// "GET /pre/fix/key", in the order in which they came.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  template <class T>
  static std::string kind_of(const Result<T>& result) {
    return result ? "done" : name_of(result.error().kind);
  }

  std::string get(const std::string& key, std::uint64_t limit = 1'000) {
    const auto object = run_task(store_->get(key, limit));
    if (!object) return kind_of(object);
    return *object ? (*object)->bytes : "absent";
  }

  /// The whole stream, or how it ended.
  std::string open(const std::string& key) {
    const auto object = run_task(store_->open(key));
    if (!object) return kind_of(object);
    if (!*object) return "absent";
    const auto stream = std::get<std::shared_ptr<ObjectStream>>((*object)->content);
    std::string bytes;
    for (;;) {
      const auto piece = run_task(stream->next());
      if (!piece) return bytes + "|" + kind_of(piece);
      if (piece->empty()) return bytes;
      bytes += *piece;
    }
  }

  std::shared_ptr<Tickets> tickets_ = std::make_shared<Tickets>();
  std::unique_ptr<FaultyServer> server_;
  std::shared_ptr<Caller> caller_;
  std::shared_ptr<PlainProtocol> protocol_;
  std::unique_ptr<ObjectStore> store_;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

inline std::string status(const std::string& line, const std::string& body = "",
                          const std::string& headers = "") {
  return "HTTP/1.1 " + line + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

}  // namespace chartmuseum::storage::test
