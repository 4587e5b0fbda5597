// SPDX-License-Identifier: Apache-2.0
#include "museum_fixture.hpp"

namespace chartmuseum::api {
namespace {

using storage::Failure;
using storage::FailureKind;
using storage::Operation;
using testing::Test;

constexpr std::string_view kJson = "application/json; charset=utf-8";

class Reads : public ApiTest {
 protected:
  Reads() { store->place("alpha-1.0.0.tgz", package("alpha", "1.0.0")); }
};

TEST_F(Reads, of_the_index_are_yaml_with_a_tag) {
  const http::Response response = get("/index.yaml");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/x-yaml");
  EXPECT_TRUE(response.headers.get("ETag"));
  EXPECT_TRUE(text(response).starts_with("apiVersion: v1\nentries:\n  alpha:\n"));
}

TEST_F(Reads, of_the_index_copy_nothing_of_it) {
  const http::Response first = get("/index.yaml");
  const http::Response second = get("/index.yaml");
  EXPECT_EQ(std::get<std::shared_ptr<const Rope>>(first.body),
            std::get<std::shared_ptr<const Rope>>(second.body));
}

http::Headers accepting_gzip() {
  http::Headers headers;
  headers.add("Accept-Encoding", "gzip");
  return headers;
}

TEST_F(Reads, of_the_index_are_compressed_for_those_who_ask_under_a_tag_of_its_own) {
  const http::Response plain = get("/index.yaml");
  EXPECT_EQ(plain.headers.get("Content-Encoding"), std::nullopt);
  EXPECT_EQ(plain.headers.get("Vary"), "Accept-Encoding");
  const http::Response compressed = get("/index.yaml", accepting_gzip());
  EXPECT_EQ(compressed.headers.get("Content-Encoding"), std::nullopt) << "so small it is as it is";

  for (int i = 0; i < 10; ++i) {
    const std::string version = "2.0." + std::to_string(i);
    store->place("beta-" + version + ".tgz", package("beta", version));
  }
  const http::Response large = get("/index.yaml");
  const http::Response gzip = get("/index.yaml", accepting_gzip());
  EXPECT_EQ(gzip.headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip.headers.get("Vary"), "Accept-Encoding");
  EXPECT_NE(gzip.headers.get("ETag"), large.headers.get("ETag"));
  EXPECT_TRUE(text(gzip).starts_with("\x1f\x8b"));
  EXPECT_LT(text(gzip).size(), text(large).size() / 2);
}

TEST_F(Reads, of_a_package_are_its_bytes_with_what_caches_need) {
  const http::Response response = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/x-tar");
  EXPECT_TRUE(response.headers.get("ETag"));
  EXPECT_TRUE(response.headers.get("Last-Modified"));
  EXPECT_EQ(text(response), package("alpha", "1.0.0"));
}

TEST_F(Reads, of_a_provenance_file_have_its_type) {
  store->place("alpha-1.0.0.tgz.prov", "signed");
  const http::Response response = get("/charts/alpha-1.0.0.tgz.prov");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/pgp-signature");
  EXPECT_EQ(text(response), "signed");
}

TEST_F(Reads, of_a_remote_package_are_passed_on_in_pieces_of_a_known_length) {
  store->open_as_streams(100);
  http::Response response = get("/charts/alpha-1.0.0.tgz");
  const auto& stream = std::get<http::BodyStream>(response.body);
  EXPECT_EQ(stream.length, package("alpha", "1.0.0").size());
}

TEST_F(Reads, of_what_is_not_there_say_what_was_not_found) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"/charts/beta-1.0.0.tgz", "object not found"},
      {"/api/charts/beta", "chart not found"},
      {"/api/charts/beta/1.0.0", "no chart name found"},
      {"/api/charts/alpha/2.0.0", "no chart version found for alpha-2.0.0"},
      {"/api/charts/alpha/%5E2", "no chart version found for alpha-^2"},
      {"/api/charts/alpha/!", "improper constraint: !"},
      {"/api/charts/alpha/1.0.0/values", "values.yaml not found"},
      {"/artifacthub-repo.yml", "Artifact Hub repository ID not found"},
      {"/metrics", "not found"}};
  for (const auto& [target, error] : cases) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 404U) << target;
    EXPECT_EQ(response.headers.get("Content-Type"), kJson);
    EXPECT_EQ(text(response), "{\"error\":\"" + std::string(error) + "\"}") << target;
  }
}

TEST_F(Reads, of_the_latest_version_never_mean_a_pre_release) {
  store->place("alpha-2.0.0-rc.1.tgz", package("alpha", "2.0.0-rc.1"));
  store->place("beta-1.0.0-rc.1.tgz", package("beta", "1.0.0-rc.1"));
  EXPECT_NE(text(get("/api/charts/alpha/latest")).find(R"("version":"1.0.0")"), std::string::npos);
  const http::Response beta = get("/api/charts/beta/latest");
  EXPECT_EQ(beta.status, 404U);
  EXPECT_EQ(text(beta), R"({"error":"no chart version found for beta-"})");
}

TEST_F(Reads, of_templates_and_values_open_the_package) {
  store->place("beta-1.0.0.tgz", tarball({{"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"},
                                          {"beta/values.yaml",
                                           "b: 1.50\na: 12345678901234567890\n"
                                           "c: {v: [null, true], u: <&>}\n"},
                                          {"beta/templates/a.yaml", "Hello"},
                                          {"beta/templates/b/empty.yaml", ""},
                                          {"beta/README.md", "beta"}}));
  const http::Response templates = get("/api/charts/beta/1.0.0/templates");
  EXPECT_EQ(templates.headers.get("Content-Type"), kJson);
  EXPECT_EQ(text(templates), R"({"templates":[{"name":"templates/a.yaml","data":"SGVsbG8="},)"
                             R"({"name":"templates/b/empty.yaml","data":""}],)"
                             R"("values":{"a":12345678901234567890,"b":1.5,)"
                             R"("c":{"u":"\u003c\u0026\u003e","v":[null,true]}}})");
  const http::Response values = get("/api/charts/beta/1.0.0/values");
  EXPECT_EQ(values.headers.get("Content-Type"), "application/yaml");
  EXPECT_TRUE(text(values).starts_with("b: 1.50\n"));
}

TEST_F(Reads, of_templates_are_refused_where_a_small_package_holds_very_many) {
  std::vector<std::pair<std::string, std::string>> files{
      {"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"}};
  for (int i = 0; i < 19; ++i) {
    files.emplace_back("beta/templates/" + std::to_string(i), std::string(5 << 20, '0'));
  }
  store->place("beta-1.0.0.tgz", tarball(files));
  const http::Response response = get("/api/charts/beta/1.0.0/templates");
  EXPECT_EQ(response.status, 403U);
  EXPECT_EQ(text(response),
            R"({"error":"the templates are too large for an answer; download the package"})");
  EXPECT_NE(response.log_comment, "");
}

TEST_F(Reads, of_templates_of_ten_mebibytes_are_answered) {
  store->place("beta-1.0.0.tgz", tarball({{"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"},
                                          {"beta/templates/a", std::string(5 << 20, '0')},
                                          {"beta/templates/b", std::string(5 << 20, '0')},
                                          {"beta/files/c", std::string(5 << 20, '0')},
                                          {"beta/files/d", std::string(5 << 20, '0')}}));
  const http::Response response = get("/api/charts/beta/1.0.0/templates");
  EXPECT_EQ(response.status, 200U);
  EXPECT_GT(text(response).size(), 13'000'000U);
}

TEST_F(Reads, that_the_client_has_already_do_not_touch_the_package) {
  store->place("beta-1.0.0.tgz", tarball({{"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"},
                                          {"beta/values.yaml", "a: 1\n"}}));
  for (const std::string_view what : {"templates", "values"}) {
    const std::string target = "/api/charts/beta/1.0.0/" + std::string(what);
    http::Headers condition;
    condition.add("If-None-Match", std::string(get(target).headers.get("ETag").value()));
    store->fail_always(Operation::get, Failure{FailureKind::unavailable, "down"});
    const http::Response response = get(target, condition);
    EXPECT_EQ(response.status, 200U) << "the server makes it a 304";
    EXPECT_TRUE(response.headers.get("ETag"));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(response.body));
    EXPECT_EQ(get(target).status, 503U);
    store->repair();
  }
  for (const std::string_view target : {"/api/charts", "/api/charts/alpha"}) {
    http::Headers condition;
    condition.add("If-None-Match", std::string(get(target).headers.get("ETag").value()));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(get(target, condition).body));
  }
}

TEST_F(Reads, of_one_package_wait_for_memory_that_slower_clients_hold) {
  settings.shared_memory = 2'000;
  store->place("beta-1.0.0.tgz", tarball({{"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"},
                                          {"beta/values.yaml", "# " + std::string(1'500, 'x')}}));
  std::optional<http::Response> slow = get("/api/charts/beta/1.0.0/values");
  EXPECT_EQ(slow->status, 200U);
  const http::Response refused = get("/api/charts/beta/1.0.0/values");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_TRUE(refused.headers.get("Retry-After"));
  slow.reset();
  EXPECT_EQ(get("/api/charts/beta/1.0.0/values").status, 200U);
}

TEST_F(Reads, of_templates_of_a_bare_chart_are_null) {
  EXPECT_EQ(text(get("/api/charts/alpha/1.0.0/templates")), R"({"templates":null,"values":null})");
}

TEST_F(Reads, of_templates_with_empty_values_are_an_empty_object) {
  store->place("beta-1.0.0.tgz", tarball({{"beta/Chart.yaml", "name: beta\nversion: 1.0.0\n"},
                                          {"beta/values.yaml", "# nothing\n"}}));
  EXPECT_EQ(text(get("/api/charts/beta/1.0.0/templates")), R"({"templates":null,"values":{}})");
}

TEST_F(Reads, of_the_artifact_hub_file_name_the_repository_s_id) {
  settings.depth = 1;
  settings.artifact_hub_ids = {{"org1", "5a7d-11"}, {"org2", "true"}};
  EXPECT_EQ(text(get("/org1/artifacthub-repo.yml")), "repositoryID: 5a7d-11\n");
  EXPECT_EQ(text(get("/org2/artifacthub-repo.yml")), "repositoryID: \"true\"\n");
  EXPECT_EQ(get("/org3/artifacthub-repo.yml").status, 404U);
}

TEST_F(Reads, of_a_failing_storage_are_never_404_and_never_say_why) {
  store->fail_always(Operation::open, Failure{FailureKind::unavailable, "no route to 10.0.0.7"});
  const http::Response unavailable = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(unavailable.status, 503U);
  EXPECT_TRUE(unavailable.headers.get("Retry-After"));
  EXPECT_EQ(text(unavailable).find("10.0.0.7"), std::string::npos);
  EXPECT_NE(unavailable.log_comment.find("10.0.0.7"), std::string::npos);

  store->repair();
  store->fail_always(Operation::open, Failure{FailureKind::denied, "AccessDenied"});
  EXPECT_EQ(get("/charts/alpha-1.0.0.tgz").status, 502U);
}

TEST_F(Reads, of_health_are_logged_only_on_demand) {
  EXPECT_FALSE(get("/health").log);
  EXPECT_TRUE(get("/index.yaml").log);
}

TEST_F(Reads, of_facts_about_the_server) {
  settings.version = "1.2.3";
  EXPECT_EQ(text(get("/info")), R"({"version":"1.2.3"})");
  EXPECT_EQ(text(get("/health")), R"({"healthy":true})");
  EXPECT_NE(text(get("/")).find("<title>Welcome to ChartMuseum!</title>"), std::string::npos);
}

TEST_F(Reads, with_a_wrong_method_are_told_the_right_one) {
  const http::Response response = ask(http::Method::put, "/index.yaml");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(response.headers.get("Allow"), "GET, HEAD");
  EXPECT_EQ(response.headers.get("Content-Type"), kJson);
}

}  // namespace
}  // namespace chartmuseum::api
