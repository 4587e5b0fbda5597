// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/settings.hpp"
#include "auth/access_control.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "repository/museum.hpp"
#include "telemetry/log.hpp"

namespace chartmuseum::api {

/// The contract's routes over a museum, as a handler for http::Server. No request gets to a route
/// but past `access`. The handler refers to `museum`, `access` and `workers`, which must
/// outlive it.
[[nodiscard]] http::Handler make_handler(Settings settings, repository::Museum& museum,
                                         auth::AccessControl& access, WorkerPool& workers,
                                         telemetry::Log log);

}  // namespace chartmuseum::api
