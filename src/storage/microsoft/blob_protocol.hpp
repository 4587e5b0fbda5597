// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/microsoft/blob_answers.hpp"
#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chartmuseum::storage::microsoft {

/// What to add to a blob's URL so that anybody may read it for so long: a query. Nothing if it
/// cannot be had.
using SignDownload = std::function<Task<Result<std::optional<std::string>>>(
    std::string blob, std::chrono::seconds valid)>;

struct BlobSettings {
  Service service;
  std::string api_version;
  SignDownload sign_download;                     // may be empty: none can be had
  std::uint64_t block_size = 8ULL * 1024 * 1024;  // larger objects go up in blocks of this size
};

/// The Blob Storage REST API, as far as objects in a container that exists need it. Objects are
/// block blobs; blobs of all kinds are read.
/// https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
[[nodiscard]] std::shared_ptr<Protocol> make_blob_protocol(std::shared_ptr<Caller> caller,
                                                           BlobSettings settings);

}  // namespace chartmuseum::storage::microsoft
