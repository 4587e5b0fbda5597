// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/authorizer.hpp"
#include "storage/amazon/endpoint.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace chartmuseum::storage::amazon {

struct ProtocolSettings {
  std::string bucket;
  std::string encryption;  // x-amz-server-side-encryption; empty: the bucket's own
  std::string kms_key;     // of aws:kms; empty: the account's default
  /// Larger objects are uploaded in parts of this size: at least 5 MiB, and larger where there
  /// would be more than 10,000 parts.
  /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  std::uint64_t part_size = 8UL * 1024 * 1024;
};

/// S3's REST API (https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html), as Amazon and many
/// others speak it.
class S3Protocol final : public Protocol {
 public:
  S3Protocol(ProtocolSettings settings, Endpoint endpoint, std::shared_ptr<Caller> caller,
             std::shared_ptr<AmazonAuthorizer> authorizer);

  [[nodiscard]] transport::Request read(const std::string& key) const override;
  [[nodiscard]] transport::Request look(const std::string& key) const override;
  [[nodiscard]] transport::Request remove(const std::string& key) const override;
  [[nodiscard]] Result<Described> described_by_read(const transport::Response& head) const override;
  [[nodiscard]] Result<Described> described_by_look(
      const transport::Response& answer) const override;
  [[nodiscard]] std::unique_ptr<BodyCheck> body_check(
      const transport::Response& head) const override;
  [[nodiscard]] std::optional<Failure> refusal(const transport::Response& answer) const override;
  [[nodiscard]] bool look_hides_reason() const override { return true; }

  Task<Result<ObjectInfo>> put(Upload upload) override;
  Task<Result<std::vector<ObjectInfo>>> list(std::string prefix) override;
  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override;

 private:
  /// What this process knows of a service: whether it refuses If-None-Match, ignores it for all we
  /// know, or has been seen to honour it.
  enum class Conditions { refused, unknown, honoured };

  // put.cpp
  /// The object as its answer describes it, or the failure; nothing if it is to be tried again.
  using Attempt = std::optional<Result<ObjectInfo>>;
  Task<Attempt> put_once(Upload upload);
  Task<Result<bool>> is_there(std::string key);
  [[nodiscard]] transport::Request storing(std::string method, std::string url,
                                           const Upload& upload) const;
  Task<Result<ObjectInfo>> stored(Upload upload, transport::Response answer, std::string etag);
  /// Whether it may be the header If-None-Match that the service refuses. Only if it takes the same
  /// without it, that was it.
  [[nodiscard]] static bool may_refuse(const std::atomic<Conditions>& conditions,
                                       const transport::Response& answer);
  [[nodiscard]] Result<Described> described(const transport::Response& head,
                                            std::optional<std::uint64_t> size) const;

  // parts.cpp
  Task<Attempt> put_in_parts(Upload upload);
  Task<Attempt> upload_parts(Upload upload, std::string id);
  Task<void> abort(std::string key, std::string id);

  // listing.cpp
  [[nodiscard]] transport::Request list_page(const std::string& prefix, const std::string& next,
                                             bool second_version) const;
  Task<Result<std::vector<ObjectInfo>>> list_all(std::string prefix, bool second_version);

  [[nodiscard]] Failure failure(const transport::Response& answer) const;
  [[nodiscard]] Failure broken(const std::string& problem) const;

  const ProtocolSettings settings_;
  const Endpoint endpoint_;
  const std::shared_ptr<Caller> caller_;
  const std::shared_ptr<AmazonAuthorizer> authorizer_;
  std::atomic<Conditions> put_conditions_;
  std::atomic<Conditions> completion_conditions_;
  std::atomic<bool> second_version_ = true;  // of listing
};

}  // namespace chartmuseum::storage::amazon
