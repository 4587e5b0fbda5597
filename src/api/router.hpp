// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/routes.hpp"
#include "api/settings.hpp"
#include "http/request.hpp"
#include "http/target.hpp"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace chartmuseum::api {

/// Finds the route of a request. Immutable after construction, hence thread-safe.
class Router {
 public:
  struct Found {
    const Route* route;
    PathParameters path;
  };
  struct NotFound {};
  struct MethodNotAllowed {
    const Route* route;  // one of those that the path fits
    std::string allow;   // as in the Allow header: "GET, HEAD"
  };
  using Result = std::variant<NotFound, MethodNotAllowed, Found>;

  /// Refers to `routes` and to the texts in them. Of `settings` it only uses those about paths
  /// and about which routes there are.
  Router(std::span<const Route> routes, const Settings& settings);

  [[nodiscard]] Result find(http::Method method, const http::Target& target) const;

 private:
  struct Pattern {
    const Route* route;
    std::vector<std::string_view> segments;
  };
  using Segments = std::span<const std::string>;

  [[nodiscard]] bool matches(const Pattern& pattern, Segments path, PathParameters& into) const;

  std::vector<Pattern> patterns_;
  std::vector<std::string> context_path_;
  std::size_t depth_;
  bool depth_dynamic_;
};

}  // namespace chartmuseum::api
