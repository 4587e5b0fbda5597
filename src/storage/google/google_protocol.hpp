// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/google/url_signer.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <memory>
#include <optional>
#include <string>

namespace chartmuseum::storage::google {

/// Where the service is, and what is known of it.
struct GoogleService {
  std::string base = "https://storage.googleapis.com";  // scheme, host, port
  std::string bucket;
  bool conditions = true;  // it heeds ifGenerationMatch; else objects are looked for before
  std::uint64_t largest_single = 16ULL << 20;  // what is larger is uploaded in a resumable way
};

/// Google Cloud Storage's JSON API (https://cloud.google.com/storage/docs/json_api/v1).
class GoogleProtocol final : public Protocol {
 public:
  /// `once` repeats nothing by itself: for what a resumable upload has to ask about first. `signer`
  /// may be none.
  GoogleProtocol(GoogleService service, std::shared_ptr<Caller> caller,
                 std::shared_ptr<Caller> once, std::optional<UrlSigner> signer);

  [[nodiscard]] transport::Request read(const std::string& key) const override;
  [[nodiscard]] transport::Request read_on(const std::string& key, const transport::Response& head,
                                           std::uint64_t offset) const override;
  [[nodiscard]] transport::Request look(const std::string& key) const override;
  [[nodiscard]] transport::Request remove(const std::string& key) const override;

  [[nodiscard]] Result<Described> described_by_read(const transport::Response& head) const override;
  [[nodiscard]] Result<Described> described_by_look(
      const transport::Response& answer) const override;
  [[nodiscard]] std::unique_ptr<BodyCheck> body_check(
      const transport::Response& head) const override;
  [[nodiscard]] std::optional<Failure> refusal(const transport::Response& answer) const override;
  [[nodiscard]] bool read_hides_digest() const override { return true; }

  Task<Result<ObjectInfo>> put(Upload upload) override;
  Task<Result<std::vector<ObjectInfo>>> list(std::string prefix) override;
  Task<Result<std::optional<std::string>>> download_url(std::string key,
                                                        std::chrono::seconds valid) override;

 private:
  [[nodiscard]] std::string object_url(const std::string& key) const;
  [[nodiscard]] transport::Request page_request(const std::string& prefix,
                                                const std::string& token) const;

  GoogleService service_;
  std::shared_ptr<Caller> caller_;
  std::shared_ptr<Caller> once_;
  std::optional<UrlSigner> signer_;
};

}  // namespace chartmuseum::storage::google
