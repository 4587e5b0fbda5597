// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"
#include "api/handlers.hpp"
#include "api/outcome.hpp"
#include "api/paging.hpp"
#include "api/templates_json.hpp"
#include "chart/constraint.hpp"
#include "chart/package.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

http::Response index_answer(const repository::Index& index, Rope json) {
  http::Response response = json_answer(200, std::make_shared<const Rope>(std::move(json)));
  response.headers.add("ETag", index.charts_etag());
  return response;
}

/// The bytes of the version that a path asks for, or the answer that says why not.
struct WantedPackage {
  ChartVersionPointer version;
  std::string bytes;
};
using PackageOrAnswer = std::expected<WantedPackage, http::Response>;

Task<PackageOrAnswer> wanted_package(const Application& application, PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return std::unexpected(refusal_response(index.error()));
  ChartVersionPointer version = (*index)->find(path.name, path.version);
  if (!version) co_return std::unexpected(version_not_found(**index, path));
  auto bytes = co_await repository->package_bytes(version);
  if (!bytes) co_return std::unexpected(refusal_response(bytes.error()));
  co_return WantedPackage{std::move(version), std::move(*bytes)};
}

/// The stored package was valid when it was indexed, so it was changed since.
http::Response unreadable_package(const chart::PackageError& error) {
  http::Response response = http::json_error(500, "the stored package cannot be read");
  response.log_comment = error.message;
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
  co_return index_answer(**index, (*index)->charts_json(page->offset, page->limit));
}

Task<http::Response> get_chart(const Application& application, http::Request& /*request*/,
                               PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  auto json = (*index)->chart_json(path.name);
  if (!json) co_return http::json_error(404, "chart not found");
  co_return index_answer(**index, std::move(*json));
}

Task<http::Response> get_chart_version(const Application& application, http::Request& /*request*/,
                                       PathParameters path) {
  const auto repository = application.museum.repository(path.repo);
  const auto index = co_await repository->index();
  if (!index) co_return refusal_response(index.error());
  const ChartVersionPointer version = (*index)->find(path.name, path.version);
  if (!version) co_return version_not_found(**index, path);
  co_return index_answer(**index, (*index)->version_json(*version));
}

Task<http::Response> get_templates(const Application& application, http::Request& /*request*/,
                                   PathParameters path) {
  const PackageOrAnswer package = co_await wanted_package(application, std::move(path));
  if (!package) co_return package.error();
  const std::string& bytes = package->bytes;
  std::expected<std::string, chart::PackageError> json;
  co_await application.workers.run([&json, &bytes] { json = templates_json(bytes); });
  if (!json) co_return unreadable_package(json.error());
  http::Response response = json_answer(200, std::move(*json));
  set_etag(response, package->version->digest.hex());
  co_return response;
}

Task<http::Response> get_values(const Application& application, http::Request& /*request*/,
                                PathParameters path) {
  const PackageOrAnswer package = co_await wanted_package(application, std::move(path));
  if (!package) co_return package.error();
  const std::string& bytes = package->bytes;
  std::expected<std::optional<std::string>, chart::PackageError> values;
  co_await application.workers.run([&values, &bytes] { values = chart::read_values(bytes); });
  if (!values) co_return unreadable_package(values.error());
  if (!*values) co_return http::json_error(404, "values.yaml not found");
  http::Response response = answer("application/yaml", std::move(**values));
  set_etag(response, package->version->digest.hex());
  co_return response;
}

}  // namespace chartmuseum::api
