// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include "storage/object_key.hpp"

#include <algorithm>
#include <string_view>

namespace chartmuseum::api {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash before each segment
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool available(const Route& route, const Settings& settings) {
  switch (route.availability) {
    case Availability::always:
      return true;
    case Availability::with_api:
      return settings.enable_api;
    case Availability::with_deletion:
      return settings.enable_api && settings.enable_delete;
    case Availability::with_static_files:
      return !settings.web_template_path.empty();
  }
  return false;
}

bool is_package(std::string_view file) {
  return file.ends_with(".tgz") || file.ends_with(".tgz.prov");
}

std::string join(std::span<const std::string> segments) {
  std::string joined;
  for (const std::string& segment : segments) {
    if (!joined.empty()) joined += '/';
    joined += segment;
  }
  return joined;
}

void add_method(std::string& allow, http::Method method) {
  if (!allow.empty()) allow += ", ";
  switch (method) {
    case http::Method::post:
      allow += "POST";
      break;
    case http::Method::delete_:
      allow += "DELETE";
      break;
    default:
      allow += "GET, HEAD";
  }
}

}  // namespace

Router::Router(std::span<const Route> routes, const Settings& settings)
    : depth_(settings.depth), depth_dynamic_(settings.depth_dynamic) {
  for (const Route& route : routes) {
    if (available(route, settings)) patterns_.push_back({&route, split(route.pattern)});
  }
  for (const std::string_view segment : split(settings.context_path)) {
    context_path_.emplace_back(segment);
  }
}

bool Router::matches(const Pattern& pattern, Segments path, PathParameters& into) const {
  const std::vector<std::string_view>& wanted = pattern.segments;
  const auto repo = std::ranges::find(wanted, ":repo");
  const bool has_repo = repo != wanted.end();
  const bool open_end = !wanted.empty() && wanted.back() == "*";

  // The placeholder takes whatever the pattern's other segments leave.
  const std::size_t others = wanted.size() - (has_repo ? 1 : 0);
  if (path.size() < others) return false;
  const std::size_t spare = path.size() - others;
  if (has_repo ? (!depth_dynamic_ && spare != depth_) : (!open_end && spare != 0)) return false;

  std::size_t at = 0;
  for (const std::string_view segment : wanted) {
    if (segment == ":repo") {
      const Segments name = path.subspan(at, spare);
      if (!std::ranges::all_of(name, storage::valid_segment)) return false;
      into.repo = join(name);
      at += spare;
      continue;
    }
    if (segment == "*") {
      const Segments rest = path.subspan(at);
      into.file = join(rest);
      return std::ranges::all_of(rest, storage::valid_segment);
    }
    const std::string& actual = path[at++];
    if (segment == ":name") {
      into.name = actual;
    } else if (segment == ":version") {
      into.version = actual;
    } else if (segment == ":package") {
      if (!is_package(actual) || !storage::valid_segment(actual)) return false;
      into.file = actual;
    } else if (segment != actual) {
      return false;
    }
  }
  return true;
}

Router::Result Router::find(http::Method method, const http::Target& target) const {
  Segments path = target.segments();
  const bool inside = path.size() >= context_path_.size() &&
                      std::ranges::equal(path.first(context_path_.size()), context_path_);
  if (inside) path = path.subspan(context_path_.size());
  if (target.trailing_slash() && !path.empty()) return NotFound{};
  if (method == http::Method::head) method = http::Method::get;

  const Route* fitting = nullptr;
  std::string allow;
  for (const Pattern& pattern : patterns_) {
    if (!inside && !pattern.route->outside_context_path) continue;
    PathParameters parameters;
    if (!matches(pattern, path, parameters)) continue;
    if (pattern.route->method == method) return Found{pattern.route, std::move(parameters)};
    if (fitting == nullptr) fitting = pattern.route;
    add_method(allow, pattern.route->method);
  }
  if (fitting == nullptr) return NotFound{};
  return MethodNotAllowed{fitting, std::move(allow)};
}

}  // namespace chartmuseum::api
