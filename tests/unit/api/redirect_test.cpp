// SPDX-License-Identifier: Apache-2.0
// Downloads that are fetched from the storage itself (--storage-redirect).
#include "museum_fixture.hpp"

namespace chartmuseum::api {
namespace {

using storage::FailureKind;
using storage::Operation;

constexpr std::string_view kFile = "alpha-1.0.0.tgz";

class Redirects : public ApiTest {
 protected:
  Redirects() {
    settings.storage_redirect = true;
    have_urls("https://bucket.example.com/");
  }

  void have_urls(const std::string& base) {
    store =
        std::make_shared<storage::MemoryStore>(storage::MemoryStore::Settings{.url_base = base});
    store->place(std::string(kFile), package("alpha", "1.0.0"));
    store->place("alpha-1.0.0.tgz.prov", "signed");
  }

  http::Response head(std::string_view target) { return ask(http::Method::head, target); }
};

TEST_F(Redirects, lead_to_the_package_in_the_storage_for_five_minutes) {
  const http::Response response = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.status, 302U);
  EXPECT_EQ(response.headers.get("Location"),
            "https://bucket.example.com/alpha-1.0.0.tgz?valid=300&signature=secret");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(response.body));
  EXPECT_EQ(store->count(Operation::open), 0U);
}

TEST_F(Redirects, lead_to_provenance_files_too) {
  const http::Response response = get("/charts/alpha-1.0.0.tgz.prov");
  EXPECT_EQ(response.status, 302U);
  EXPECT_EQ(response.headers.get("Location"),
            "https://bucket.example.com/alpha-1.0.0.tgz.prov?valid=300&signature=secret");
}

TEST_F(Redirects, are_kept_by_no_cache_and_told_to_no_other_site) {
  const http::Response response = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.headers.get("Cache-Control"), "private, no-store");
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_FALSE(response.headers.get("ETag"));
}

TEST_F(Redirects, put_no_url_into_the_log) {
  EXPECT_EQ(get("/charts/alpha-1.0.0.tgz").log_comment, "");
}

TEST_F(Redirects, are_off_unless_asked_for) {
  settings.storage_redirect = false;
  EXPECT_EQ(get("/charts/alpha-1.0.0.tgz").status, 200U);
  EXPECT_EQ(store->count(Operation::download_url), 0U);
}

TEST_F(Redirects, never_answer_head) {
  const http::Response response = head("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.status, 200U);
  EXPECT_TRUE(response.headers.get("ETag"));
  EXPECT_FALSE(response.headers.get("Location"));
}

TEST_F(Redirects, never_lead_to_what_is_not_there) {
  const http::Response response = get("/charts/beta-1.0.0.tgz");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(text(response), R"({"error":"object not found"})");
}

TEST_F(Redirects, never_lead_to_what_is_neither_package_nor_provenance_file) {
  store->place("index-cache.yaml", "private");
  store->place("notes.txt", "private");
  for (const std::string_view target : {"/charts/index-cache.yaml", "/charts/notes.txt"}) {
    EXPECT_EQ(get(target).status, 404U) << target;
  }
  EXPECT_EQ(store->count(Operation::download_url), 0U);
}

TEST_F(Redirects, are_not_for_those_who_have_the_package_already) {
  const std::string etag(head("/charts/alpha-1.0.0.tgz").headers.get("ETag").value());
  http::Headers headers;
  headers.add("If-None-Match", etag);
  const http::Response response = get("/charts/alpha-1.0.0.tgz", std::move(headers));
  EXPECT_EQ(response.status, 200U) << "the server makes a 304 of it";
  EXPECT_EQ(response.headers.get("ETag"), etag);
  EXPECT_FALSE(response.headers.get("Location"));
}

TEST_F(Redirects, are_not_for_storages_without_such_urls) {
  have_urls("");
  const http::Response response = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(text(response), package("alpha", "1.0.0"));
  EXPECT_EQ(store->count(Operation::stat), 0U) << "asking first would cost a call";
}

TEST_F(Redirects, give_way_to_the_package_itself_where_none_can_be_made) {
  for (const FailureKind kind : {FailureKind::unavailable, FailureKind::denied}) {
    for (const Operation operation : {Operation::download_url, Operation::stat}) {
      store->fail(operation, {kind, "no key"});
      const http::Response response = get("/charts/alpha-1.0.0.tgz");
      EXPECT_EQ(response.status, 200U);
      EXPECT_EQ(text(response), package("alpha", "1.0.0"));
      EXPECT_EQ(response.log_comment, "not redirected: no key");
    }
  }
}

TEST_F(Redirects, say_that_the_storage_is_out_of_reach_where_nothing_can_be_had) {
  store->stop_after(0);
  const http::Response response = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(response.status, 503U);
  EXPECT_TRUE(response.headers.get("Retry-After"));
}

TEST_F(Redirects, are_only_for_those_who_may_pull) {
  access_settings.user = "admin";
  access_settings.password = auth::Secret("secret");
  const http::Response refused = get("/charts/alpha-1.0.0.tgz");
  EXPECT_EQ(refused.status, 401U);
  EXPECT_FALSE(refused.headers.get("Location"));
  EXPECT_TRUE(store->calls().empty());

  http::Headers headers;
  headers.add("Authorization", "Basic YWRtaW46c2VjcmV0");
  const http::Response allowed = get("/charts/alpha-1.0.0.tgz", std::move(headers));
  EXPECT_EQ(allowed.status, 302U);
  EXPECT_EQ(allowed.headers.get("Cache-Control"), "private, no-store");
}

TEST_F(Redirects, name_the_object_whatever_the_path_of_the_request) {
  settings.context_path = "/museum";
  settings.depth = 2;
  repository_settings.chart_url = "https://charts.example.com";
  store->place("org/team/beta-1.0.0.tgz", package("beta", "1.0.0"));
  const http::Response response = get("/museum/org/team/charts/beta-1.0.0.tgz");
  EXPECT_EQ(response.status, 302U);
  EXPECT_EQ(response.headers.get("Location"),
            "https://bucket.example.com/org/team/beta-1.0.0.tgz?valid=300&signature=secret");
}

}  // namespace
}  // namespace chartmuseum::api
