// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include "api/router.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace chartmuseum::api {

namespace {

struct Api {
  Application application;
  Router router;
};

Task<http::Response> handle(std::shared_ptr<const Api> api, http::Request& request) {
  Router::Result result = api->router.find(request.method, request.target);
  if (auto* found = std::get_if<Router::Found>(&result)) {
    co_return co_await found->route->handler(api->application, request, std::move(found->path));
  }
  if (auto* wrong_method = std::get_if<Router::MethodNotAllowed>(&result)) {
    http::Response response = http::json_error(405, "method not allowed");
    response.headers.add("Allow", std::move(wrong_method->allow));
    co_return response;
  }
  co_return http::json_error(404, "not found");
}

}  // namespace

http::Handler make_handler(Settings settings, repository::Museum& museum, WorkerPool& workers,
                           telemetry::Log log) {
  Router router(all_routes(), settings);
  auto memory = std::make_shared<http::MemoryBudget>(settings.shared_memory);
  auto api = std::make_shared<const Api>(
      Api{Application{std::move(settings), museum, workers, std::move(log), std::move(memory)},
          std::move(router)});
  return [api = std::move(api)](http::Request& request) { return handle(api, request); };
}

}  // namespace chartmuseum::api
