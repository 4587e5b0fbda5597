// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/settings.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "repository/museum.hpp"
#include "telemetry/log.hpp"

namespace chartmuseum::api {

/// The contract's routes over a museum, as a handler for http::Server. The handler refers to
/// `museum` and `workers`, which must outlive it.
[[nodiscard]] http::Handler make_handler(Settings settings, repository::Museum& museum,
                                         WorkerPool& workers, telemetry::Log log);

}  // namespace chartmuseum::api
