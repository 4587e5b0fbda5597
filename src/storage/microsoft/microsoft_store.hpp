// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/remote/environment.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <string>

namespace chartmuseum::storage {

struct MicrosoftSettings {
  std::string container;  // which must exist
  /// What all keys begin with, put before them as Go's path.Join would: a slash at its beginning
  /// stays, as the Go server's does.
  std::string prefix;
};

/// Objects in a container of Azure Blob Storage. The account and the credentials come from
/// `environment` (docs/storage/microsoft.md). Asks nobody yet: what is wrong with the container or
/// the credentials, the store's failures say. The error is for whoever starts the program.
[[nodiscard]] std::expected<std::unique_ptr<ObjectStore>, std::string> make_microsoft_store(
    const MicrosoftSettings& settings, const Environment& environment, const telemetry::Log& log);

}  // namespace chartmuseum::storage
