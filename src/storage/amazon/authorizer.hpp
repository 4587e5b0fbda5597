// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/credentials.hpp"
#include "storage/remote/authorizer.hpp"
#include "storage/remote/renewed.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chartmuseum::storage::amazon {

using Clock = std::function<std::chrono::system_clock::time_point()>;

/// Asks one source after the other; the first that is set up decides. Which were looked at is in
/// the failure, should none be.
Task<Result<Expiring<Credentials>>> find_credentials(
    std::vector<std::shared_ptr<CredentialSource>> sources);

/// Signs requests to one service of a region with the credentials of these sources, which are
/// renewed five minutes before they expire, and by the clock of the service once that has refused
/// this machine's.
class AmazonAuthorizer final : public Authorizer {
 public:
  AmazonAuthorizer(std::vector<std::shared_ptr<CredentialSource>> sources, std::string region,
                   std::string service, Clock now = std::chrono::system_clock::now);

  Task<Result<transport::Request>> authorize(transport::Request request) override;
  bool may_fare_better(const transport::Response& refusal) override;

  /// A URL for GET that is valid for so long, or until the credentials expire.
  Task<Result<std::string>> presigned(std::string url, std::chrono::seconds valid);

 private:
  [[nodiscard]] std::chrono::sys_seconds service_time() const;
  /// Whether the answer's Date tells of a clock other than the one that requests were signed by.
  bool note_skew(const transport::Response& answer);

  const std::string region_;
  const std::string service_;
  const Clock now_;
  std::atomic<std::chrono::seconds::rep> skew_ = 0;  // how far the service's clock is ahead
  Renewed<Credentials> credentials_;
};

}  // namespace chartmuseum::storage::amazon
