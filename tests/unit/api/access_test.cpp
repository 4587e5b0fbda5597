// SPDX-License-Identifier: Apache-2.0
// Every route with every kind of credentials in every mode of access control.
#include "api/routes.hpp"
#include "conformance/temporary_folder.hpp"
#include "museum_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <map>
#include <ostream>

namespace chartmuseum::api {
namespace {

using http::Method;
using testing::HasSubstr;

const std::string kAdmin = "Basic YWRtaW46c2VjcmV0";   // admin:secret
const std::string kReader = "Basic cmVhZGVyOlUqVQ==";  // reader:U*U
const std::string kWrong = "Basic YWRtaW46d3Jvbmc=";   // admin:wrong
const std::string kReaderInHtpasswd =
    "reader:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n";

/// What each route needs, written down a second time and on purpose by hand: a route that is added
/// to the table fails here until somebody has thought about who may use it.
const std::map<std::string, std::optional<auth::Action>, std::less<>> kNeeds = {
    {"GET /", auth::Action::pull},
    {"GET /static/*", auth::Action::pull},
    {"GET /info", std::nullopt},
    {"GET /health", std::nullopt},
    {"GET /:repo/index.yaml", auth::Action::pull},
    {"GET /:repo/charts/:package", auth::Action::pull},
    {"GET /:repo/artifacthub-repo.yml", auth::Action::pull},
    {"GET /api/:repo/charts", auth::Action::pull},
    {"POST /api/:repo/charts", auth::Action::push},
    {"POST /api/:repo/prov", auth::Action::push},
    {"GET /api/:repo/charts/:name", auth::Action::pull},
    {"GET /api/:repo/charts/:name/:version", auth::Action::pull},
    {"DELETE /api/:repo/charts/:name/:version", auth::Action::delete_},
    {"GET /api/:repo/charts/:name/:version/templates", auth::Action::pull},
    {"GET /api/:repo/charts/:name/:version/values", auth::Action::pull},
};

std::string name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::delete_:
      return "DELETE";
    default:
      return "other";
  }
}

/// A path that fits the route.
std::string path_of(const Route& route) {
  std::string path(route.pattern);
  const std::vector<std::pair<std::string, std::string>> parts = {{"/:repo", ""},
                                                                  {":package", "demo-1.0.0.tgz"},
                                                                  {":name", "demo"},
                                                                  {":version", "1.0.0"},
                                                                  {"*", "style.css"}};
  for (const auto& [placeholder, text] : parts) {
    const std::size_t at = path.find(placeholder);
    if (at != std::string::npos) path.replace(at, placeholder.size(), text);
  }
  return path;
}

/// Which credentials are known in a mode, and what each of them may.
struct Mode {
  std::string name;
  std::function<void(auth::Settings&, const std::string& folder)> prepare;
  std::function<unsigned(const std::string& who, auth::Action)> expected;  // 200: let in
};

void put(const std::string& path, std::string_view text) {
  std::ofstream(path) << text;
}

void with_passwords(auth::Settings& access, const std::string& folder) {
  access.user = "admin";
  access.password = auth::Secret("secret");
  access.htpasswd_file = folder + "/users";
  put(access.htpasswd_file, kReaderInHtpasswd);
}

std::vector<Mode> modes() {
  return {
      {"open", [](auth::Settings&, const std::string&) {},
       [](const std::string&, auth::Action) { return 200U; }},
      {"passwords", with_passwords,
       [](const std::string& who, auth::Action) {
         return who == kAdmin || who == kReader ? 200U : 401U;
       }},
      {"passwords, anonymous pulls",
       [](auth::Settings& access, const std::string& folder) {
         with_passwords(access, folder);
         access.anonymous_pull = true;
       },
       [](const std::string& who, auth::Action action) {
         return action == auth::Action::pull || who == kAdmin || who == kReader ? 200U : 401U;
       }},
      {"policy",
       [](auth::Settings& access, const std::string& folder) {
         with_passwords(access, folder);
         access.policy_file = folder + "/policy.yaml";
         put(access.policy_file,
             "rules:\n"
             "  - {users: admin, repositories: \"**\", actions: [pull, push]}\n"
             "  - {users: reader, repositories: \"**\", actions: pull}\n");
       },
       [](const std::string& who, auth::Action action) {
         if (who == kAdmin) return action == auth::Action::delete_ ? 403U : 200U;
         if (who == kReader) return action == auth::Action::pull ? 200U : 403U;
         return 401U;
       }},
  };
}

class Access : public ApiTest, public testing::WithParamInterface<Mode> {
 protected:
  Access() { settings.web_template_path = folder_.path(); }

  /// A 404 or 400 behind the door is as good as a 200: somebody was let in.
  unsigned status_of(const Route& route, const std::string& who) {
    PiecewiseBody body("not a package");
    http::Headers headers;
    if (!who.empty()) headers.add("Authorization", who);
    const http::Response response = ask(route.method, path_of(route), body, std::move(headers));
    const bool stopped = response.status == 401 || response.status == 403;
    EXPECT_TRUE(!stopped || body.untouched());
    EXPECT_EQ(response.headers.get("WWW-Authenticate").has_value(), response.status == 401);
    EXPECT_LT(response.status, 500U);
    return stopped ? response.status : 200;
  }

  TemporaryFolder folder_;
};

TEST_P(Access, is_given_to_those_who_may_and_to_nobody_else) {
  GetParam().prepare(access_settings, folder_.path());
  for (const Route& route : all_routes()) {
    const std::string name = name_of(route.method) + ' ' + std::string(route.pattern);
    const auto needed = kNeeds.find(name);
    ASSERT_NE(needed, kNeeds.end()) << "nobody has said who may use " << name;
    for (const std::string& who : {std::string(), kWrong, kReader, kAdmin, std::string("Basic !"),
                                   std::string("Bearer a.b.c"), std::string("Negotiate x")}) {
      const unsigned expected = needed->second ? GetParam().expected(who, *needed->second) : 200U;
      EXPECT_EQ(status_of(route, who), expected) << name << " by '" << who << "'";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(InEveryMode, Access, testing::ValuesIn(modes()), [](const auto& each) {
  std::string name = each.param.name;
  std::erase_if(name, [](char c) { return c == ' ' || c == ','; });
  return name;
});

TEST_F(ApiTest, unknown_routes_are_absent_before_anybody_is_asked_who_he_is) {
  access_settings.user = "admin";
  access_settings.password = auth::Secret("secret");
  EXPECT_EQ(get("/nothing/here").status, 404U);
  EXPECT_EQ(ask(Method::put, "/index.yaml").status, 405U);
}

TEST_F(ApiTest, two_fields_with_credentials_are_none) {
  access_settings.user = "admin";
  access_settings.password = auth::Secret("secret");
  for (const std::string& other : {kAdmin, kWrong, std::string()}) {
    http::Headers headers;
    headers.add("Authorization", kAdmin);
    headers.add("authorization", other);
    EXPECT_EQ(get("/index.yaml", headers).status, 401U) << other;
  }
}

TEST_F(ApiTest, what_not_everybody_may_see_is_private) {
  access_settings.user = "admin";
  access_settings.password = auth::Secret("secret");
  http::Headers headers;
  headers.add("Authorization", kAdmin);
  EXPECT_EQ(get("/index.yaml", headers).headers.get("Cache-Control"), "private");
  EXPECT_FALSE(get("/health").headers.get("Cache-Control"));
}

TEST_F(ApiTest, lets_pages_of_the_allowed_origin_use_the_api_only) {
  settings.cors_allow_origin = "https://ui.example.com";
  settings.context_path = "/museum";
  EXPECT_EQ(get("/museum/api/charts").headers.get("Access-Control-Allow-Origin"),
            "https://ui.example.com");
  EXPECT_EQ(get("/museum/api/charts/absent").headers.get("Access-Control-Allow-Origin"),
            "https://ui.example.com");
  EXPECT_FALSE(get("/museum/index.yaml").headers.get("Access-Control-Allow-Origin"));
}

TEST_F(ApiTest, answers_what_a_browser_asks_first_without_credentials) {
  settings.cors_allow_origin = "*";
  access_settings.user = "admin";
  access_settings.password = auth::Secret("secret");
  const http::Response response = ask(Method::options, "/api/charts");
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(std::string(response.headers.get("Access-Control-Allow-Methods").value()),
              HasSubstr("POST"));
  EXPECT_THAT(std::string(response.headers.get("Access-Control-Allow-Headers").value()),
              HasSubstr("Authorization"));
  EXPECT_EQ(ask(Method::options, "/index.yaml").status, 405U);
}

TEST_F(ApiTest, knows_no_other_origins_unless_told) {
  EXPECT_FALSE(get("/api/charts").headers.get("Access-Control-Allow-Origin"));
  EXPECT_EQ(ask(Method::options, "/api/charts").status, 405U);
}

}  // namespace
}  // namespace chartmuseum::api
