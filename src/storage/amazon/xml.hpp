// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chartmuseum::storage::amazon {

/// The XML documents of S3 and of its Security Token Service, as values. Their sizes are bounded by
/// whoever fetched them; entities other than XML's own are never resolved. Namespaces are not
/// looked at: services differ in them.

/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct ServiceError {
  std::string code;     // "NoSuchKey"
  std::string message;  // shortened, without control characters
  std::string region;   // where the bucket is, if the service says so
};
/// Nothing if `body` is no such document.
[[nodiscard]] std::optional<ServiceError> read_error(std::string_view body);

/// One page of a listing.
struct ListingPage {
  std::vector<ObjectInfo> objects;  // names are whole keys
  bool truncated = false;
  std::string next;  // what continues it: a token (V2) or a marker (V1); may be missing in V1
};
/// An answer to ListObjectsV2, or to ListObjects. The error says what is wrong with it.
[[nodiscard]] std::expected<ListingPage, std::string> read_listing(std::string_view body);

/// Of an answer to CreateMultipartUpload: the upload's id.
[[nodiscard]] std::optional<std::string> read_upload_id(std::string_view body);

/// Of an answer to CompleteMultipartUpload: the ETag, without its quotes, which may be empty.
/// Nothing if the document is none that tells of success.
[[nodiscard]] std::optional<std::string> read_completed_etag(std::string_view body);

struct UploadedPart {
  int number = 0;
  std::string etag;  // as the service gave it
};
/// What CompleteMultipartUpload sends.
[[nodiscard]] std::string completion_of(const std::vector<UploadedPart>& parts);

/// Of an answer to AssumeRole or AssumeRoleWithWebIdentity.
struct AssumedRole {
  std::string access_key;
  std::string secret_key;
  std::string session_token;
  std::string expiration;
};
[[nodiscard]] std::optional<AssumedRole> read_assumed_role(std::string_view body);

}  // namespace chartmuseum::storage::amazon
