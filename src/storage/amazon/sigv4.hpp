// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/amazon/credentials.hpp"
#include "transport/message.hpp"

#include <chrono>
#include <string>

namespace chartmuseum::storage::amazon {

/// Amazon's Signature Version 4:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
/// Pure. URLs are those that are sent: their paths and queries are percent-encoded as RFC 3986
/// says, and nothing but its unreserved characters stands there as it is.

struct SigningScope {
  std::string region;
  std::string service;  // "s3", "sts"
  std::chrono::sys_seconds time;
};

/// Adds X-Amz-Date, X-Amz-Security-Token where there is one, and Authorization, which signs these
/// and all headers that the request has. Its x-amz-content-sha256 is taken for what it says; a
/// request without it (services other than S3 need none) is signed with its body's hash.
void sign(transport::Request& request, const Credentials& credentials, const SigningScope& scope);

/// `url` so that whoever has it may `method` it for so long.
[[nodiscard]] std::string presigned_url(const std::string& method, const std::string& url,
                                        const Credentials& credentials, const SigningScope& scope,
                                        std::chrono::seconds valid);

/// The SHA-256 of the request's body, in hexadecimal digits. Reads all of it.
[[nodiscard]] std::string body_hash(const transport::Request& request);

}  // namespace chartmuseum::storage::amazon
