// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/protocol.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace chartmuseum::storage::microsoft {

/// With what an object is stored beside its bytes: "x-ms-meta-" and a C# identifier.
inline constexpr const char* kDigestHeader = "x-ms-meta-sha256";
inline constexpr const char* kUploadHeader = "x-ms-meta-upload";

/// Whom messages name.
struct Service {
  std::string container;
  std::string endpoint;
  std::string credentials;  // where they come from
};

/// What an answer's head tells of a blob of so many bytes.
[[nodiscard]] Result<Described> described(const transport::Response& head, std::uint64_t size);
/// From Content-Length.
[[nodiscard]] std::optional<std::uint64_t> length_of(const transport::Response& head);
/// From Content-Range.
[[nodiscard]] std::optional<std::uint64_t> whole_length_of(const transport::Response& head);

/// "BlobNotFound", or "" if the answer has no code. It is in a header, so answers to HEAD have it.
/// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
[[nodiscard]] std::string error_code(const transport::Response& answer);

/// See Protocol::refusal().
[[nodiscard]] std::optional<Failure> blob_refusal(const transport::Response& answer,
                                                  const Service& service);

}  // namespace chartmuseum::storage::microsoft
