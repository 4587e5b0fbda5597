// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/handlers.hpp"
#include "auth/action.hpp"
#include "http/request.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace chartmuseum::api {

/// Which settings a route depends on.
enum class Availability { always, with_api, with_deletion, with_static_files };

/// One row of the contract's table of routes.
struct Route {
  http::Method method;  // a GET also answers HEAD
  /// Segments. Besides literals: ":repo" is as many segments as a repository's name has, ":package"
  /// one that ends in .tgz or .tgz.prov, ":name" and ":version" one each, "*" all that remain.
  std::string_view pattern;
  /// What one must be allowed to do with the repository that is named ("" where none is);
  /// nothing: open to all.
  std::optional<auth::Action> action;
  RouteHandler handler;
  Availability availability = Availability::always;
  bool outside_context_path = false;  // served with and without --context-path
};

/// Whether a route belongs to the API that web pages of other origins may be let in to.
[[nodiscard]] bool is_of_api(const Route& route);

/// Every route. Where a path fits several rows, which only a repository called "api" or
/// "charts" or --depth-dynamic can bring about, the first row wins.
[[nodiscard]] std::span<const Route> all_routes();

}  // namespace chartmuseum::api
