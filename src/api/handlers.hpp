// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/settings.hpp"
#include "base/memory_budget.hpp"
#include "base/task.hpp"
#include "base/worker_pool.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "repository/museum.hpp"
#include "telemetry/log.hpp"

#include <memory>
#include <string>

namespace chartmuseum::api {

/// What every handler has at hand. Outlives all requests.
struct Application {
  Settings settings;
  repository::Museum& museum;
  WorkerPool& workers;
  telemetry::Log log;
  std::shared_ptr<MemoryBudget> memory;  // of settings.shared_memory bytes
};

/// What the router read from a path.
struct PathParameters {
  std::string repo;     // "" at depth 0, else "org1/repoa"; a valid key
  std::string name;     // of a chart
  std::string version;  // as asked for: a text, a constraint or "latest"
  std::string file;     // of a package or provenance file, or a path below static/
};

/// Answers the requests of one route. `application` and `request` outlive the task.
using RouteHandler = Task<http::Response> (*)(const Application& application,
                                              http::Request& request, PathParameters path);

// page_handlers.cpp: pages and facts about the server itself.
Task<http::Response> get_welcome_page(const Application&, http::Request&, PathParameters);
Task<http::Response> get_static_file(const Application&, http::Request&, PathParameters);
Task<http::Response> get_info(const Application&, http::Request&, PathParameters);
Task<http::Response> get_health(const Application&, http::Request&, PathParameters);

// repository_handlers.cpp: what Helm itself asks for.
Task<http::Response> get_index(const Application&, http::Request&, PathParameters);
Task<http::Response> get_object(const Application&, http::Request&, PathParameters);
Task<http::Response> get_artifact_hub_file(const Application&, http::Request&, PathParameters);

// chart_handlers.cpp: the API's reads.
Task<http::Response> get_charts(const Application&, http::Request&, PathParameters);
Task<http::Response> get_chart(const Application&, http::Request&, PathParameters);
Task<http::Response> get_chart_version(const Application&, http::Request&, PathParameters);
Task<http::Response> get_templates(const Application&, http::Request&, PathParameters);
Task<http::Response> get_values(const Application&, http::Request&, PathParameters);

// push_handlers.cpp: the API's writes.
Task<http::Response> post_chart(const Application&, http::Request&, PathParameters);
Task<http::Response> post_provenance(const Application&, http::Request&, PathParameters);
Task<http::Response> delete_chart_version(const Application&, http::Request&, PathParameters);

}  // namespace chartmuseum::api
