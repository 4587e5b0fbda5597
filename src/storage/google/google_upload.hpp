// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/remote/caller.hpp"
#include "storage/remote/protocol.hpp"

#include <memory>
#include <string>

namespace chartmuseum::storage::google {

/// What an upload needs. `once` repeats nothing by itself.
struct GoogleUpload {
  std::string base;
  std::string bucket;
  std::shared_ptr<Caller> caller;
  std::shared_ptr<Caller> once;
};

/// In one request, which carries what is to be stored beside the bytes as well: also their CRC-32C,
/// so that the service refuses others
/// (https://cloud.google.com/storage/docs/uploading-objects#uploading-an-object).
Task<Result<ObjectInfo>> put_multipart(GoogleUpload service, Upload upload);

/// In a session that survives a broken connection: what has arrived is asked for, and the rest is
/// sent (https://cloud.google.com/storage/docs/performing-resumable-uploads). The session is ended
/// when it is given up; one that is left behind ends by itself after a week.
Task<Result<ObjectInfo>> put_resumable(GoogleUpload service, Upload upload);

}  // namespace chartmuseum::storage::google
