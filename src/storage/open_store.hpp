// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/worker_pool.hpp"
#include "storage/amazon/amazon_store.hpp"
#include "storage/cached_store.hpp"
#include "storage/google/google_store.hpp"
#include "storage/local_store.hpp"
#include "storage/microsoft/microsoft_store.hpp"
#include "storage/object_store.hpp"
#include "storage/remote/environment.hpp"
#include "telemetry/log.hpp"

#include <expected>
#include <memory>
#include <string>
#include <variant>

namespace chartmuseum::storage {

/// Which backend, and how it is set up: one row a backend.
using StoreSettings =
    std::variant<LocalStoreSettings, AmazonSettings, GoogleSettings, MicrosoftSettings>;

/// The store of these settings, a cloud's behind a cache (whose origin is set here); or what is
/// wrong with them and what to do, for whoever starts the program. Asks no service anything: one
/// that does not answer, or refuses, is known by its outcomes later. `workers` must outlive the
/// store.
[[nodiscard]] std::expected<std::shared_ptr<ObjectStore>, std::string> open_store(
    const StoreSettings& settings, CachedStoreSettings cache, const Environment& environment,
    WorkerPool& workers, const telemetry::Log& log);

}  // namespace chartmuseum::storage
