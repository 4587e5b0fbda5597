// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/object_store.hpp"
#include "storage/remote/environment.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <string>

namespace chartmuseum::storage {

struct GoogleSettings {
  std::string bucket;  // --storage-google-bucket
  std::string prefix;  // --storage-google-prefix; "/" at its ends does not count
};

/// A bucket of Google Cloud Storage, by its JSON API
/// (https://cloud.google.com/storage/docs/json_api/v1). Credentials are looked for where all of
/// Google's clients look
/// (https://cloud.google.com/docs/authentication/application-default-credentials); with
/// STORAGE_EMULATOR_HOST an emulator is asked, without any.
///
/// Creating only is ifGenerationMatch=0. An emulator may not know that, so the object is looked for
/// first there, which is not atomic. download_url() takes the key of a service account: of other
/// credentials there is none at hand.
///
/// The error says what of the credentials' file cannot be used, and names it.
[[nodiscard]] std::expected<std::unique_ptr<ObjectStore>, std::string> make_google_store(
    const GoogleSettings& settings, const Environment& environment, const telemetry::Log& log);

}  // namespace chartmuseum::storage
