// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/remote/environment.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <string>

namespace chartmuseum::storage {

/// The values of the --storage-amazon flags.
struct AmazonSettings {
  std::string bucket;
  std::string prefix;      // slashes at its ends are not part of it
  std::string region;      // empty: the environment's, the profile's; us-east-1 with an endpoint
  std::string endpoint;    // of a service that speaks as S3 does; without a scheme it is https
  std::string sse;         // "AES256", "aws:kms"; empty: as the bucket is set
  std::string kms_key_id;  // for aws:kms
  bool force_path_style = true;
};

/// Objects in a bucket of Amazon S3, or of a service that speaks as it does. Credentials come from
/// where Amazon's own clients have them from: see docs/storage/amazon.md. The environment also has
/// AWS_CA_BUNDLE and AWS_INSECURE_SKIP_VERIFY. Nothing is sent yet. The error is for whoever starts
/// the program.
[[nodiscard]] std::expected<std::unique_ptr<ObjectStore>, std::string> make_amazon_store(
    const AmazonSettings& settings, const Environment& environment, const telemetry::Log& log);

}  // namespace chartmuseum::storage
