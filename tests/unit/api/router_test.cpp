// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace chartmuseum::api {
namespace {

using http::Method;

/// What a router makes of a request, as one line: "<pattern> repo=… name=… version=… file=…" with
/// only the parameters that are set, "404", or "405 <Allow>".
std::string routed(const Settings& settings, Method method, std::string_view target) {
  const Router router(all_routes(), settings);
  const auto parsed = http::Target::parse(target);
  if (!parsed) return "malformed";
  const Router::Result result = router.find(method, *parsed);
  if (const auto* wrong = std::get_if<Router::MethodNotAllowed>(&result)) {
    return "405 " + wrong->allow;
  }
  const auto* found = std::get_if<Router::Found>(&result);
  if (found == nullptr) return "404";
  std::string line(found->route->pattern);
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) line.append(" ").append(key).append("=").append(value);
  };
  add("repo", found->path.repo);
  add("name", found->path.name);
  add("version", found->path.version);
  add("file", found->path.file);
  return line;
}

Settings depth(std::size_t depth) {
  Settings settings;
  settings.depth = depth;
  return settings;
}

Settings dynamic() {
  Settings settings;
  settings.depth_dynamic = true;
  return settings;
}

TEST(Router, finds_each_route_of_a_single_repository) {
  const Settings settings = depth(0);
  EXPECT_EQ(routed(settings, Method::get, "/"), "/");
  EXPECT_EQ(routed(settings, Method::get, "/info"), "/info");
  EXPECT_EQ(routed(settings, Method::get, "/health"), "/health");
  EXPECT_EQ(routed(settings, Method::get, "/index.yaml"), "/:repo/index.yaml");
  EXPECT_EQ(routed(settings, Method::get, "/artifacthub-repo.yml"), "/:repo/artifacthub-repo.yml");
  EXPECT_EQ(routed(settings, Method::get, "/charts/a-1.0.0.tgz"),
            "/:repo/charts/:package file=a-1.0.0.tgz");
  EXPECT_EQ(routed(settings, Method::get, "/charts/a-1.0.0.tgz.prov"),
            "/:repo/charts/:package file=a-1.0.0.tgz.prov");
  EXPECT_EQ(routed(settings, Method::get, "/api/charts"), "/api/:repo/charts");
  EXPECT_EQ(routed(settings, Method::get, "/api/charts/a"), "/api/:repo/charts/:name name=a");
  EXPECT_EQ(routed(settings, Method::get, "/api/charts/a/1.0.0"),
            "/api/:repo/charts/:name/:version name=a version=1.0.0");
  EXPECT_EQ(routed(settings, Method::get, "/api/charts/a/1.0.0/templates"),
            "/api/:repo/charts/:name/:version/templates name=a version=1.0.0");
  EXPECT_EQ(routed(settings, Method::get, "/api/charts/a/1.0.0/values"),
            "/api/:repo/charts/:name/:version/values name=a version=1.0.0");
  EXPECT_EQ(routed(settings, Method::post, "/api/charts"), "/api/:repo/charts");
  EXPECT_EQ(routed(settings, Method::post, "/api/prov"), "/api/:repo/prov");
  EXPECT_EQ(routed(settings, Method::delete_, "/api/charts/a/1.0.0"),
            "/api/:repo/charts/:name/:version name=a version=1.0.0");
}

TEST(Router, takes_as_many_segments_for_the_repository_as_the_depth_says) {
  EXPECT_EQ(routed(depth(1), Method::get, "/org1/index.yaml"), "/:repo/index.yaml repo=org1");
  EXPECT_EQ(routed(depth(2), Method::get, "/org1/repoa/index.yaml"),
            "/:repo/index.yaml repo=org1/repoa");
  EXPECT_EQ(routed(depth(3), Method::get, "/api/org1/team/repoa/charts/a"),
            "/api/:repo/charts/:name repo=org1/team/repoa name=a");
  EXPECT_EQ(routed(depth(2), Method::delete_, "/api/org1/repoa/charts/a/1.0.0"),
            "/api/:repo/charts/:name/:version repo=org1/repoa name=a version=1.0.0");
  EXPECT_EQ(routed(depth(1), Method::get, "/index.yaml"), "404");
  EXPECT_EQ(routed(depth(1), Method::get, "/org1/repoa/index.yaml"), "404");
  EXPECT_EQ(routed(depth(2), Method::get, "/org1/index.yaml"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/org1/index.yaml"), "404");
  EXPECT_EQ(routed(depth(1), Method::post, "/api/charts"), "404");
}

TEST(Router, takes_any_number_of_segments_with_a_dynamic_depth) {
  EXPECT_EQ(routed(dynamic(), Method::get, "/index.yaml"), "/:repo/index.yaml");
  EXPECT_EQ(routed(dynamic(), Method::get, "/a/index.yaml"), "/:repo/index.yaml repo=a");
  EXPECT_EQ(routed(dynamic(), Method::get, "/a/b/c/d/index.yaml"),
            "/:repo/index.yaml repo=a/b/c/d");
  EXPECT_EQ(routed(dynamic(), Method::get, "/a/b/charts/x-1.tgz"),
            "/:repo/charts/:package repo=a/b file=x-1.tgz");
  EXPECT_EQ(routed(dynamic(), Method::get, "/api/charts"), "/api/:repo/charts");
  EXPECT_EQ(routed(dynamic(), Method::post, "/api/a/b/charts"), "/api/:repo/charts repo=a/b");
  EXPECT_EQ(routed(dynamic(), Method::post, "/api/a/prov"), "/api/:repo/prov repo=a");
  EXPECT_EQ(routed(dynamic(), Method::delete_, "/api/a/charts/x/1.0.0"),
            "/api/:repo/charts/:name/:version repo=a name=x version=1.0.0");
  EXPECT_EQ(routed(dynamic(), Method::get, "/a/b"), "404");
}

TEST(Router, serves_the_server_s_own_pages_at_every_depth) {
  for (const Settings& settings : {depth(0), depth(1), depth(2), depth(7), dynamic()}) {
    EXPECT_EQ(routed(settings, Method::get, "/"), "/");
    EXPECT_EQ(routed(settings, Method::get, "/info"), "/info");
    EXPECT_EQ(routed(settings, Method::get, "/health"), "/health");
  }
}

TEST(Router, lets_a_repository_be_called_like_a_part_of_a_path) {
  for (const std::string repo : {"api", "charts", "health", "info", "static", "index.yaml"}) {
    EXPECT_EQ(routed(depth(1), Method::get, "/" + repo + "/index.yaml"),
              "/:repo/index.yaml repo=" + repo);
    EXPECT_EQ(routed(depth(1), Method::get, "/" + repo + "/charts/a-1.tgz"),
              "/:repo/charts/:package repo=" + repo + " file=a-1.tgz");
    EXPECT_EQ(routed(depth(1), Method::get, "/api/" + repo + "/charts"),
              "/api/:repo/charts repo=" + repo);
    EXPECT_EQ(routed(depth(1), Method::post, "/api/" + repo + "/charts"),
              "/api/:repo/charts repo=" + repo);
    EXPECT_EQ(routed(depth(1), Method::get, "/api/" + repo + "/charts/a/1"),
              "/api/:repo/charts/:name/:version repo=" + repo + " name=a version=1");
  }
  EXPECT_EQ(routed(depth(2), Method::get, "/api/charts/index.yaml"),
            "/:repo/index.yaml repo=api/charts");
  EXPECT_EQ(routed(depth(2), Method::get, "/api/charts/charts/a-1.tgz"),
            "/:repo/charts/:package repo=api/charts file=a-1.tgz");
  EXPECT_EQ(routed(depth(2), Method::get, "/api/api/charts/charts"),
            "/api/:repo/charts repo=api/charts");
}

TEST(Router, prefers_packages_and_then_the_shorter_route_where_a_dynamic_depth_is_ambiguous) {
  EXPECT_EQ(routed(dynamic(), Method::get, "/api/charts/a-1.tgz"),
            "/:repo/charts/:package repo=api file=a-1.tgz");
  EXPECT_EQ(routed(dynamic(), Method::get, "/api/index.yaml"), "/:repo/index.yaml repo=api");
  EXPECT_EQ(routed(dynamic(), Method::get, "/api/charts/charts"), "/api/:repo/charts repo=charts");
  EXPECT_EQ(routed(dynamic(), Method::get, "/api/charts/a/1.0.0-x.tgz"),
            "/api/:repo/charts/:name/:version name=a version=1.0.0-x.tgz");
}

TEST(Router, serves_below_the_context_path_only) {
  for (const std::string prefix : {"/x", "/x/y", "/a/b/c"}) {
    Settings settings = depth(1);
    settings.context_path = prefix;
    EXPECT_EQ(routed(settings, Method::get, prefix), "/");
    EXPECT_EQ(routed(settings, Method::get, prefix + "/"), "/");
    EXPECT_EQ(routed(settings, Method::get, prefix + "/info"), "/info");
    EXPECT_EQ(routed(settings, Method::get, prefix + "/org1/index.yaml"),
              "/:repo/index.yaml repo=org1");
    EXPECT_EQ(routed(settings, Method::post, prefix + "/api/org1/charts"),
              "/api/:repo/charts repo=org1");
    EXPECT_EQ(routed(settings, Method::get, "/"), "404");
    EXPECT_EQ(routed(settings, Method::get, "/info"), "404");
    EXPECT_EQ(routed(settings, Method::get, "/org1/index.yaml"), "404");
    EXPECT_EQ(routed(settings, Method::get, prefix + "z"), "404");
    EXPECT_EQ(routed(settings, Method::get, prefix + "z/info"), "404");
  }
}

TEST(Router, serves_health_with_and_without_the_context_path) {
  Settings settings = depth(1);
  settings.context_path = "/x";
  EXPECT_EQ(routed(settings, Method::get, "/health"), "/health");
  EXPECT_EQ(routed(settings, Method::get, "/x/health"), "/health");
  EXPECT_EQ(routed(settings, Method::get, "/xhealth"), "404");
}

TEST(Router, answers_head_wherever_there_is_a_get) {
  for (const Route& route : all_routes()) {
    if (route.method != Method::get) continue;
    Settings settings = depth(1);
    settings.web_template_path = "/somewhere";
    std::string target;
    for (std::size_t at = 0; at < route.pattern.size();) {
      const std::size_t end = std::min(route.pattern.find('/', at + 1), route.pattern.size());
      const std::string_view segment = route.pattern.substr(at, end - at);
      target += segment == "/:package"      ? "/a-1.tgz"
                : segment == "/*"           ? "/a"
                : segment.starts_with("/:") ? "/x"
                                            : segment;
      at = end;
    }
    EXPECT_EQ(routed(settings, Method::head, target), routed(settings, Method::get, target));
    EXPECT_TRUE(routed(settings, Method::head, target).starts_with(route.pattern)) << target;
  }
}

TEST(Router, names_the_methods_of_a_known_path_when_the_method_is_wrong) {
  EXPECT_EQ(routed(depth(0), Method::post, "/index.yaml"), "405 GET, HEAD");
  EXPECT_EQ(routed(depth(0), Method::delete_, "/api/charts"), "405 GET, HEAD, POST");
  EXPECT_EQ(routed(depth(0), Method::get, "/api/prov"), "405 POST");
  EXPECT_EQ(routed(depth(0), Method::head, "/api/prov"), "405 POST");
  EXPECT_EQ(routed(depth(0), Method::put, "/api/charts/a/1.0.0"), "405 GET, HEAD, DELETE");
  EXPECT_EQ(routed(depth(0), Method::options, "/health"), "405 GET, HEAD");
  EXPECT_EQ(routed(depth(0), Method::other, "/nowhere"), "404");
}

TEST(Router, knows_no_route_with_a_trailing_slash_but_the_root) {
  EXPECT_EQ(routed(depth(0), Method::get, "/index.yaml/"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/health/"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/api/charts/"), "404");
  EXPECT_EQ(routed(depth(0), Method::post, "/api/charts/"), "404");
}

TEST(Router, takes_a_plus_in_a_version_as_it_is_and_escaped) {
  const std::string expected = "/api/:repo/charts/:name/:version name=a version=1.0.0+b";
  EXPECT_EQ(routed(depth(0), Method::get, "/api/charts/a/1.0.0+b"), expected);
  EXPECT_EQ(routed(depth(0), Method::get, "/api/charts/a/1.0.0%2Bb"), expected);
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/a-1.0.0%2bb.tgz"),
            "/:repo/charts/:package file=a-1.0.0+b.tgz");
}

TEST(Router, decodes_a_path_once) {
  EXPECT_EQ(routed(depth(0), Method::get, "/%69ndex.yaml"), "/:repo/index.yaml");
  EXPECT_EQ(routed(depth(0), Method::get, "/api/charts/%2541"), "/api/:repo/charts/:name name=%41");
}

TEST(Router, never_sees_segments_that_leave_their_folder) {
  for (const std::string_view target :
       {"/../index.yaml", "/%2e%2e/index.yaml", "/a%2fb/index.yaml", "/a%5cb/index.yaml",
        "/a%00/index.yaml", "/./index.yaml", "//index.yaml", "/charts/..%2fsecret.tgz"}) {
    for (const Settings& settings : {depth(0), depth(1), depth(2), dynamic()}) {
      const std::string result = routed(settings, Method::get, target);
      EXPECT_TRUE(result == "malformed" || result == "404") << target << " is " << result;
    }
  }
}

TEST(Router, refuses_names_that_no_storage_can_hold) {
  const std::string long_name(256, 'a');
  EXPECT_EQ(routed(depth(1), Method::get, "/" + long_name + "/index.yaml"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/" + long_name + ".tgz"), "404");
  Settings with_pages;
  with_pages.web_template_path = "/somewhere";
  EXPECT_EQ(routed(with_pages, Method::get, "/static/" + long_name), "404");
}

TEST(Router, serves_only_packages_and_provenance_files_below_charts) {
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/index-cache.yaml"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/a-1.zip"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/a.prov"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/charts/a-1.TGZ"), "404");
  EXPECT_EQ(routed(depth(0), Method::get, "/charts"), "404");
}

TEST(Router, has_no_api_routes_when_the_api_is_disabled) {
  Settings settings;
  settings.enable_api = false;
  EXPECT_EQ(routed(settings, Method::get, "/api/charts"), "404");
  EXPECT_EQ(routed(settings, Method::post, "/api/charts"), "404");
  EXPECT_EQ(routed(settings, Method::delete_, "/api/charts/a/1"), "404");
  EXPECT_EQ(routed(settings, Method::get, "/index.yaml"), "/:repo/index.yaml");
}

TEST(Router, takes_no_delete_when_deletion_is_disabled) {
  Settings settings;
  settings.enable_delete = false;
  EXPECT_EQ(routed(settings, Method::delete_, "/api/charts/a/1"), "405 GET, HEAD");
  EXPECT_EQ(routed(settings, Method::post, "/api/charts"), "/api/:repo/charts");
}

TEST(Router, serves_static_files_only_with_a_web_template_path) {
  EXPECT_EQ(routed(depth(0), Method::get, "/static/main.css"), "404");
  Settings settings = depth(2);
  settings.web_template_path = "/somewhere";
  EXPECT_EQ(routed(settings, Method::get, "/static/main.css"), "/static/* file=main.css");
  EXPECT_EQ(routed(settings, Method::get, "/static/css/a/main.css"),
            "/static/* file=css/a/main.css");
  EXPECT_EQ(routed(settings, Method::get, "/staticfile"), "404");
  settings.context_path = "/x";
  EXPECT_EQ(routed(settings, Method::get, "/x/static/main.css"), "/static/* file=main.css");
}

}  // namespace
}  // namespace chartmuseum::api
