// SPDX-License-Identifier: Apache-2.0
#include "api/upload.hpp"

#include "api/outcome.hpp"
#include "base/ascii.hpp"
#include "chart/package.hpp"
#include "chart/provenance.hpp"
#include "http/multipart.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace chartmuseum::api {

namespace {

using repository::Push;

/// A mistake of the client in what it uploads, as text for it.
using Mistake = std::optional<std::string>;

/// Adds a package to `push`; what is wrong with it, otherwise. CPU-bound.
Mistake add_package(Push& push, std::string_view bytes) {
  auto package = chart::read_package(bytes);
  if (!package) return package.error().message;
  std::string file_name = package->file_name();
  if (push.package_part) {
    if (push.package_part->file_name == file_name) return std::nullopt;  // sent in both fields
    return "the form holds two packages: " + push.package_part->file_name + " and " + file_name;
  }
  push.package_part = Push::Part{std::move(file_name), bytes};
  push.package = std::move(*package);
  return std::nullopt;
}

Mistake add_provenance(Push& push, std::string_view bytes) {
  auto file_name = chart::provenance_file_name(bytes);
  if (!file_name) return file_name.error().message;
  if (push.provenance_part) {
    if (push.provenance_part->file_name == *file_name) return std::nullopt;
    return "the form holds two provenance files: " + push.provenance_part->file_name + " and " +
           *file_name;
  }
  push.provenance_part = Push::Part{std::move(*file_name), bytes};
  return std::nullopt;
}

using Add = Mistake (*)(Push&, std::string_view);

Task<UploadOrAnswer> read_raw(const Application& application, http::Request& request, Add add) {
  const Settings& settings = application.settings;
  const http::SpoolMemory memory{.own = settings.upload_memory, .shared = application.memory};
  auto body = co_await http::read_body(*request.body, settings.max_upload_size, memory);
  if (!body) co_return std::unexpected(body_failure_response(body.error()));
  Upload upload;
  upload.bytes.push_back(std::move(*body));
  const std::string_view bytes = upload.bytes.front().view();
  Mistake mistake;
  co_await application.workers.run([&] { mistake = add(upload.push, bytes); });
  if (mistake) co_return std::unexpected(http::json_error(400, *mistake));
  co_return upload;
}

struct Field {
  std::string name;
  Add add;
};

/// The fields that are looked at, in this order; the contract's own names beside the configured.
std::vector<Field> known_fields(const Settings& settings) {
  std::vector<Field> fields{{"chart", add_package}};
  if (settings.chart_field != "chart") fields.push_back({settings.chart_field, add_package});
  fields.push_back({"prov", add_provenance});
  if (settings.provenance_field != "prov") {
    fields.push_back({settings.provenance_field, add_provenance});
  }
  return fields;
}

/// Also the answer to a form that cannot be taken apart: no field can be found in it.
http::Response no_file_in_form(const Settings& settings, std::string cause = {}) {
  http::Response response =
      http::json_error(400, "no package or provenance file found in form fields " +
                                settings.chart_field + " and " + settings.provenance_field);
  response.log_comment = std::move(cause);
  return response;
}

Mistake add_files(Push& push, const std::vector<Field>& fields,
                  const std::vector<http::FormPart>& parts) {
  for (const Field& field : fields) {
    const auto part = std::ranges::find(parts, field.name, &http::FormPart::name);
    if (part == parts.end()) continue;
    if (Mistake mistake = field.add(push, part->content.view())) return mistake;
  }
  return std::nullopt;
}

}  // namespace

bool is_form(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find_first_of("; \t"));
  return equal_ignoring_case(type, "multipart/form-data");
}

Task<UploadOrAnswer> read_package_upload(const Application& application, http::Request& request) {
  return read_raw(application, request, add_package);
}

Task<UploadOrAnswer> read_provenance_upload(const Application& application,
                                            http::Request& request) {
  return read_raw(application, request, add_provenance);
}

Task<UploadOrAnswer> read_form_upload(const Application& application, http::Request& request) {
  const Settings& settings = application.settings;
  auto boundary = http::form_boundary(request.headers.get("Content-Type").value_or(""));
  if (!boundary) co_return std::unexpected(no_file_in_form(settings, "no boundary"));

  const std::vector<Field> fields = known_fields(settings);
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Field& field : fields) names.push_back(field.name);
  const http::FormLimits limits{
      .size = settings.max_upload_size,
      .memory = {.own = settings.upload_memory, .shared = application.memory}};
  auto parts =
      co_await http::read_form(*request.body, std::move(*boundary), std::move(names), limits);
  if (!parts) {
    if (parts.error() == http::BodyFailure::malformed) {
      co_return std::unexpected(no_file_in_form(settings, "malformed form"));
    }
    co_return std::unexpected(body_failure_response(parts.error()));
  }

  Upload upload;
  Mistake mistake;
  co_await application.workers.run([&] { mistake = add_files(upload.push, fields, *parts); });
  if (mistake) co_return std::unexpected(http::json_error(400, *mistake));
  if (!upload.push.package_part && !upload.push.provenance_part) {
    co_return std::unexpected(no_file_in_form(settings));
  }
  for (http::FormPart& part : *parts) upload.bytes.push_back(std::move(part.content));
  co_return upload;
}

}  // namespace chartmuseum::api
