// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include <array>

namespace chartmuseum::api {

namespace {

using enum http::Method;
using enum Availability;

constexpr std::nullopt_t none = std::nullopt;
constexpr auth::Action pull = auth::Action::pull;
constexpr auth::Action push = auth::Action::push;
constexpr auth::Action removal = auth::Action::delete_;

constexpr std::array kRoutes{
    Route{get, "/", pull, get_welcome_page},
    Route{get, "/static/*", pull, get_static_file, with_static_files},
    Route{get, "/info", none, get_info},
    Route{get, "/health", none, get_health, always, true},

    Route{get, "/:repo/index.yaml", pull, get_index},
    Route{get, "/:repo/charts/:package", pull, get_object},
    Route{get, "/:repo/artifacthub-repo.yml", pull, get_artifact_hub_file},

    Route{get, "/api/:repo/charts", pull, get_charts, with_api},
    Route{post, "/api/:repo/charts", push, post_chart, with_api},
    Route{post, "/api/:repo/prov", push, post_provenance, with_api},
    Route{get, "/api/:repo/charts/:name", pull, get_chart, with_api},
    Route{get, "/api/:repo/charts/:name/:version", pull, get_chart_version, with_api},
    Route{delete_, "/api/:repo/charts/:name/:version", removal, delete_chart_version,
          with_deletion},
    Route{get, "/api/:repo/charts/:name/:version/templates", pull, get_templates, with_api},
    Route{get, "/api/:repo/charts/:name/:version/values", pull, get_values, with_api},
};

}  // namespace

bool is_of_api(const Route& route) {
  return route.pattern.starts_with("/api/");
}

std::span<const Route> all_routes() {
  return kRoutes;
}

}  // namespace chartmuseum::api
