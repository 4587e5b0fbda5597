// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include "api/outcome.hpp"
#include "api/router.hpp"
#include "base/ascii.hpp"
#include "http/syntax.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace chartmuseum::api {

namespace {

struct Api {
  Application application;
  Router router;
  auth::AccessControl& access;
};

/// Several lines of a field put together (RFC 9110, 5.3). Of Authorization there must be one; two
/// make no credentials this way, whichever of them somebody before us went by.
std::string joined(const http::Headers& headers, std::string_view name) {
  std::string value;
  std::string_view separator;
  for (const auto& [field, line] : headers.fields()) {
    if (!equal_ignoring_case(field, name)) continue;
    value.append(separator).append(line);
    separator = ", ";
  }
  return value;
}

Task<http::Response> handle_route(const Api& api, http::Request& request, Router::Found found) {
  const auto action = found.route->action;
  if (action) {
    const std::string authorization = joined(request.headers, "Authorization");
    const auth::Visitor visitor{.authorization = authorization,
                                .address = request.client_address,
                                .certificate = request.client_certificate};
    Task<std::optional<auth::Denial>> checking =
        api.access.check(visitor, found.path.repo, *action);
    if (auto denial = co_await std::move(checking)) co_return denial_response(std::move(*denial));
  }
  Task<http::Response> answering =
      found.route->handler(api.application, request, std::move(found.path));
  http::Response response = co_await std::move(answering);
  // What not everybody may see must not be kept by caches that serve everybody (RFC 9111, 5.2.2.7).
  if (action && !api.access.is_public(*action) && !response.headers.get("Cache-Control")) {
    response.headers.add("Cache-Control", "private");
  }
  co_return response;
}

/// What a browser asks before it lets a page of another origin send credentials or a push (the
/// CORS protocol of the Fetch standard, 3.3.5). Answered to everybody, since it comes without
/// credentials.
http::Response preflight_response(const std::string& allow) {
  http::Response response;
  response.status = 204;
  response.headers.add("Access-Control-Allow-Methods", allow);
  response.headers.add("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Request-Id");
  response.headers.add("Access-Control-Max-Age", "600");
  return response;
}

Task<http::Response> handle(std::shared_ptr<const Api> api, http::Request& request) {
  Router::Result result = api->router.find(request.method, request.target);
  if (std::holds_alternative<Router::NotFound>(result))
    co_return http::json_error(404, "not found");

  const std::string& origin = api->application.settings.cors_allow_origin;
  bool of_api = false;
  http::Response response;
  if (auto* found = std::get_if<Router::Found>(&result)) {
    of_api = is_of_api(*found->route);
    Task<http::Response> answering = handle_route(*api, request, std::move(*found));
    response = co_await std::move(answering);
  } else {
    auto& wrong_method = std::get<Router::MethodNotAllowed>(result);
    of_api = is_of_api(*wrong_method.route);
    const bool preflight = of_api && !origin.empty() && request.method == http::Method::options;
    response = preflight ? preflight_response(wrong_method.allow)
                         : http::json_error(405, "method not allowed");
    response.headers.add("Allow", std::move(wrong_method.allow));
  }
  if (of_api && !origin.empty()) {
    response.headers.add("Access-Control-Allow-Origin", origin);
  }
  co_return response;
}

}  // namespace

http::Handler make_handler(Settings settings, repository::Museum& museum,
                           auth::AccessControl& access, WorkerPool& workers, telemetry::Log log) {
  Router router(all_routes(), settings);
  auto memory = std::make_shared<MemoryBudget>(settings.shared_memory);
  auto api = std::make_shared<const Api>(
      Api{Application{std::move(settings), museum, workers, std::move(log), std::move(memory)},
          std::move(router), access});
  return [api = std::move(api)](http::Request& request) { return handle(api, request); };
}

}  // namespace chartmuseum::api
