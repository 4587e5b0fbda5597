// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/uri.hpp"

#include <expected>
#include <string>

namespace chartmuseum::storage::amazon {

/// Where a bucket is asked for.
class Endpoint {
 public:
  /// `endpoint` may lack its scheme, which then is https; empty, it is Amazon's own of the region.
  /// The error says what is wrong with it.
  [[nodiscard]] static std::expected<Endpoint, std::string> of(const std::string& endpoint,
                                                               const std::string& region,
                                                               const std::string& bucket,
                                                               bool force_path_style);

  [[nodiscard]] std::string bucket_url(const QueryParameters& parameters) const;
  [[nodiscard]] std::string object_url(const std::string& key,
                                       const QueryParameters& parameters = {}) const;

  /// Whether it is Amazon that is asked, and not one of the services that speak as S3 does.
  [[nodiscard]] bool is_amazon() const { return is_amazon_; }
  /// For messages: "https://s3.eu-west-1.amazonaws.com".
  [[nodiscard]] const std::string& service() const { return service_; }

 private:
  Endpoint() = default;

  std::string service_;
  std::string bucket_;  // the bucket's URL, which ends with "/"
  bool is_amazon_ = false;
};

/// Amazon's domain, to which a region belongs: "amazonaws.com".
[[nodiscard]] std::string domain_of(const std::string& region);

}  // namespace chartmuseum::storage::amazon
