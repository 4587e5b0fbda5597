// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/run_task.hpp"
#include "storage/amazon/credentials.hpp"
#include "storage/remote/environment.hpp"
#include "support/failure_name.hpp"
#include "unit/transport/faulty_server.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chartmuseum::storage::amazon::test {

using transport::test::FaultyServer;
using transport::test::ReceivedRequest;
using transport::test::ServerConnection;

inline std::string status(const std::string& line, const std::string& body = "",
                          const std::string& headers = "") {
  return "HTTP/1.1 " + line + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

inline std::string error(const std::string& line, const std::string& code) {
  return status(line, "<Error><Code>" + code + "</Code></Error>");
}

inline Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto place = variables.find(name);
    if (place == variables.end()) return std::nullopt;
    return place->second;
  };
}

/// A source that has these credentials.
class FixedSource final : public CredentialSource {
 public:
  explicit FixedSource(FoundCredentials found) : found_(std::move(found)) {}
  [[nodiscard]] std::string name() const override { return "a test"; }
  Task<FoundCredentials> find() override {
    ++asked;
    co_return found_;
  }

  int asked = 0;

 private:
  FoundCredentials found_;
};

inline std::shared_ptr<FixedSource> keys(const std::string& access_key = "AK") {
  return std::make_shared<FixedSource>(
      FoundCredentials(Expiring<Credentials>{{access_key, "SK", ""}}));
}

/// A service of answers, one after the other, which remembers what it was asked. Where there are no
/// more, it answers 500.
class ScriptedService {
 public:
  explicit ScriptedService(std::vector<std::string> answers)
      : answers_(std::move(answers)),
        server_(transport::test::answering([this](const ReceivedRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          const std::size_t place = requests_.size() - 1;
          return place < answers_.size() ? answers_[place] : status("500 Unexpected");
        })) {}

  [[nodiscard]] std::string url() const { return server_.url(""); }

  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// "GET /path?query", in the order in which they came.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const auto& request : requests()) {
      lines.push_back(request.line.substr(0, request.line.rfind(' ')));
    }
    return lines;
  }

 private:
  const std::vector<std::string> answers_;
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
  FaultyServer server_;
};

}  // namespace chartmuseum::storage::amazon::test
