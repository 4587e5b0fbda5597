// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"
#include "api/handlers.hpp"
#include "api/outcome.hpp"
#include "api/upload.hpp"

#include <string>
#include <utility>

namespace chartmuseum::api {

namespace {

Task<http::Response> store(const Application& application, const http::Request& request,
                           std::string repo, UploadOrAnswer upload, RefusalTexts texts) {
  if (!upload) co_return std::move(upload.error());
  upload->push.force = request.target.query("force").has_value();
  const auto repository = application.museum.repository(repo);
  const auto stored = co_await repository->push(std::move(upload->push));
  if (!stored) co_return refusal_response(stored.error(), texts);
  co_return json_answer(201, std::string(R"({"saved":true})"));
}

}  // namespace

Task<http::Response> post_chart(const Application& application, http::Request& request,
                                PathParameters path) {
  if (is_form(request.headers.get("Content-Type").value_or(""))) {
    UploadOrAnswer form = co_await read_form_upload(application, request);
    co_return co_await store(application, request, std::move(path.repo), std::move(form),
                             {.exists = "chart already exists"});
  }
  UploadOrAnswer package = co_await read_package_upload(application, request);
  co_return co_await store(application, request, std::move(path.repo), std::move(package), {});
}

Task<http::Response> post_provenance(const Application& application, http::Request& request,
                                     PathParameters path) {
  UploadOrAnswer provenance = co_await read_provenance_upload(application, request);
  co_return co_await store(application, request, std::move(path.repo), std::move(provenance), {});
}

Task<http::Response> delete_chart_version(const Application& application,
                                          http::Request& /*request*/, PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto removed = co_await repository->remove(path.name, path.version);
  if (!removed) {
    const std::string absent = "no chart version found for " + path.name + "-" + path.version;
    co_return refusal_response(removed.error(), {.absent = absent});
  }
  co_return json_answer(200, std::string(R"({"deleted":true})"));
}

}  // namespace chartmuseum::api
