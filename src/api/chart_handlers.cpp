// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"
#include "api/handlers.hpp"
#include "api/outcome.hpp"
#include "api/paging.hpp"
#include "api/templates_json.hpp"
#include "chart/constraint.hpp"
#include "chart/package.hpp"

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace chartmuseum::api {

namespace {

using repository::ChartVersionPointer;
using repository::IndexPointer;

/// Why no version was found, in the words that Helm's clients know.
http::Response version_not_found(const repository::Index& index, const PathParameters& path) {
  if (!index.has_chart(path.name)) return http::json_error(404, "no chart name found");
  const std::string_view version = path.version == "latest" ? "" : std::string_view(path.version);
  if (!version.empty() && !chart::Constraint::parse(version)) {
    return http::json_error(404, "improper constraint: " + path.version);
  }
  return http::json_error(404,
                          "no chart version found for " + path.name + "-" + std::string(version));
}

/// The beginning of an answer from the index: its body may not be needed.
http::Response index_head(const repository::Index& index) {
  http::Response response = json_answer(200, std::monostate());
  response.headers.add("ETag", index.charts_etag());
  return response;
}

http::Body shared_rope(Rope rope) {
  return std::make_shared<const Rope>(std::move(rope));
}

/// The bytes of the version that a path asks for, with the beginning of the answer, or the whole
/// answer where the package is not needed for it.
struct WantedPackage {
  http::Response response;
  std::string bytes;
};
using PackageOrAnswer = std::expected<WantedPackage, http::Response>;

Task<PackageOrAnswer> wanted_package(const Application& application, const http::Request& request,
                                     PathParameters path, std::string content_type) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return std::unexpected(refusal_response(index.error()));
  const ChartVersionPointer version = (*index)->find(path.name, path.version);
  if (!version) co_return std::unexpected(version_not_found(**index, path));
  http::Response response = answer(std::move(content_type), std::monostate());
  set_etag(response, version->digest.hex());
  if (is_settled(request, response)) co_return std::unexpected(std::move(response));
  auto bytes = co_await repository->package_bytes(version);
  if (!bytes) co_return std::unexpected(refusal_response(bytes.error()));
  co_return WantedPackage{std::move(response), std::move(*bytes)};
}

/// The stored package was valid when it was indexed, so it was changed since.
http::Response unreadable_package(const chart::PackageError& error) {
  http::Response response = http::json_error(500, "the stored package cannot be read");
  response.log_comment = error.message;
  return response;
}

/// Templates of real charts have at most a few MiB; a package of 100 KB can unpack to 95 MB.
constexpr std::size_t kMostTemplates = 16U << 20;

/// Nothing is wrong with the request or the package, and trying again is of no use.
http::Response too_many_templates() {
  http::Response response =
      http::json_error(403, "the templates are too large for an answer; download the package");
  response.log_comment = "more than " + std::to_string(kMostTemplates) + " bytes of templates";
  return response;
}

/// `response` with a text of this package, which lives as long as the slowest client reads.
http::Response with_text(const Application& application, http::Response response,
                         std::string text) {
  auto body = bounded_body(application.memory, std::move(text));
  if (!body) return too_busy();
  response.body = std::move(*body);
  return response;
}

}  // namespace

Task<http::Response> get_charts(const Application& application, http::Request& request,
                                PathParameters path) {
  const auto page = read_page(request.target);
  if (!page) co_return http::json_error(400, page.error());
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  http::Response response = index_head(**index);
  if (!is_settled(request, response)) {
    response.body = shared_rope((*index)->charts_json(page->offset, page->limit));
  }
  co_return response;
}

Task<http::Response> get_chart(const Application& application, http::Request& request,
                               PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  if (!(*index)->has_chart(path.name)) co_return http::json_error(404, "chart not found");
  http::Response response = index_head(**index);
  if (!is_settled(request, response)) {
    response.body = shared_rope((*index)->chart_json(path.name).value());
  }
  co_return response;
}

Task<http::Response> get_chart_version(const Application& application, http::Request& /*request*/,
                                       PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  const ChartVersionPointer version = (*index)->find(path.name, path.version);
  if (!version) co_return version_not_found(**index, path);
  http::Response response = index_head(**index);
  response.body = shared_rope((*index)->version_json(*version));
  co_return response;
}

Task<http::Response> get_templates(const Application& application, http::Request& request,
                                   PathParameters path) {
  std::string content_type = "application/json; charset=utf-8";
  Task<PackageOrAnswer> wanted =
      wanted_package(application, request, std::move(path), std::move(content_type));
  PackageOrAnswer package = co_await std::move(wanted);
  if (!package) co_return std::move(package.error());
  const std::string& bytes = package->bytes;
  std::expected<std::optional<std::string>, chart::PackageError> json;
  co_await application.workers.run(
      [&json, &bytes] { json = templates_json(bytes, kMostTemplates); });
  if (!json) co_return unreadable_package(json.error());
  if (!*json) co_return too_many_templates();
  co_return with_text(application, std::move(package->response), std::move(**json));
}

Task<http::Response> get_values(const Application& application, http::Request& request,
                                PathParameters path) {
  std::string content_type = "application/yaml";
  Task<PackageOrAnswer> wanted =
      wanted_package(application, request, std::move(path), std::move(content_type));
  PackageOrAnswer package = co_await std::move(wanted);
  if (!package) co_return std::move(package.error());
  const std::string& bytes = package->bytes;
  std::expected<std::optional<std::string>, chart::PackageError> values;
  co_await application.workers.run([&values, &bytes] { values = chart::read_values(bytes); });
  if (!values) co_return unreadable_package(values.error());
  if (!*values) co_return http::json_error(404, "values.yaml not found");
  co_return with_text(application, std::move(package->response), std::move(**values));
}

}  // namespace chartmuseum::api
