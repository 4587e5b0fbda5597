// SPDX-License-Identifier: Apache-2.0
#include "api/upload.hpp"
#include "museum_fixture.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace chartmuseum::api {
namespace {

using storage::Failure;
using storage::FailureKind;
using storage::Operation;
using testing::ElementsAre;
using testing::IsEmpty;

using Writes = ApiTest;

std::string error(std::string_view text) {
  return "{\"error\":\"" + std::string(text) + "\"}";
}

TEST(IsForm, goes_by_the_media_type_alone) {
  EXPECT_TRUE(is_form("multipart/form-data; boundary=b"));
  EXPECT_TRUE(is_form("multipart/form-data"));
  EXPECT_TRUE(is_form("Multipart/Form-Data;boundary=b"));
  EXPECT_FALSE(is_form("multipart/mixed; boundary=b"));
  EXPECT_FALSE(is_form("application/gzip"));
  EXPECT_FALSE(is_form(""));
}

TEST_F(Writes, of_a_package_store_it) {
  const http::Response response = post("/api/charts", package("alpha", "1.0.0"));
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(text(response), R"({"saved":true})");
  EXPECT_EQ(store->bytes("alpha-1.0.0.tgz"), package("alpha", "1.0.0"));
}

TEST_F(Writes, of_a_provenance_file_need_no_package) {
  EXPECT_EQ(post("/api/prov", provenance("alpha", "1.0.0")).status, 201U);
  EXPECT_THAT(store->keys(), ElementsAre("alpha-1.0.0.tgz.prov"));
}

TEST_F(Writes, of_a_form_store_all_of_it) {
  EXPECT_EQ(post_form("/api/charts", {{"prov", provenance("alpha", "1.0.0")},
                                      {"chart", package("alpha", "1.0.0")}})
                .status,
            201U);
  EXPECT_EQ(store->bytes("alpha-1.0.0.tgz"), package("alpha", "1.0.0"));
  EXPECT_EQ(store->bytes("alpha-1.0.0.tgz.prov"), provenance("alpha", "1.0.0"));
}

TEST_F(Writes, of_a_form_take_configured_fields_besides_the_usual) {
  settings.chart_field = "package";
  EXPECT_EQ(post_form("/api/charts", {{"package", package("alpha", "1.0.0")}}).status, 201U);
  EXPECT_EQ(post_form("/api/charts", {{"chart", package("alpha", "2.0.0")}}).status, 201U);
  EXPECT_EQ(post_form("/api/charts",
                      {{"chart", package("beta", "1.0.0")}, {"package", package("beta", "1.0.0")}})
                .status,
            201U);
  const http::Response two = post_form("/api/charts", {{"chart", package("gamma", "1.0.0")},
                                                       {"package", package("delta", "1.0.0")}});
  EXPECT_EQ(two.status, 400U);
  EXPECT_EQ(text(two), error("the form holds two packages: gamma-1.0.0.tgz and delta-1.0.0.tgz"));
}

TEST_F(Writes, of_a_form_without_a_known_file_name_the_fields_it_could_have) {
  settings.provenance_field = "signature";
  const http::Response response = post_form("/api/charts", {{"file", package("alpha", "1.0.0")}});
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response),
            error("no package or provenance file found in form fields chart and signature"));
}

TEST_F(Writes, of_what_is_no_package_give_helm_s_reason) {
  const http::Response response = post("/api/charts", "no package");
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response), error("gzip: invalid header"));
  EXPECT_EQ(text(post("/api/charts", "")), error("EOF"));
  EXPECT_THAT(store->keys(), IsEmpty());
}

TEST_F(Writes, of_what_is_no_provenance_file_say_so) {
  const http::Response response = post("/api/prov", "no provenance");
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response), error("invalid provenance file"));
}

TEST_F(Writes, of_a_form_with_one_bad_file_store_nothing) {
  const http::Response response =
      post_form("/api/charts", {{"chart", package("alpha", "1.0.0")}, {"prov", "bad"}});
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response), error("invalid provenance file"));
  EXPECT_THAT(store->keys(), IsEmpty());
}

TEST_F(Writes, of_a_known_version_conflict_in_the_words_of_the_route) {
  post("/api/charts", package("alpha", "1.0.0"));
  const http::Response raw = post("/api/charts", package("alpha", "1.0.0"));
  EXPECT_EQ(raw.status, 409U);
  EXPECT_EQ(text(raw), error("file already exists"));
  const http::Response form = post_form("/api/charts", {{"chart", package("alpha", "1.0.0")}});
  EXPECT_EQ(form.status, 409U);
  EXPECT_EQ(text(form), error("chart already exists"));
  EXPECT_EQ(post("/api/charts?force", package("alpha", "1.0.0")).status, 201U);
}

TEST_F(Writes, over_the_limit_are_read_no_further) {
  settings.max_upload_size = 5000;
  const http::Response response = post("/api/charts", std::string(5001, 'x'));
  EXPECT_EQ(response.status, 413U);
  EXPECT_EQ(text(response), error("request too large"));
  EXPECT_EQ(post_form("/api/charts", {{"chart", std::string(5000, 'x')}}).status, 413U);
}

TEST_F(Writes, go_to_a_file_at_once_when_other_requests_hold_the_memory) {
  settings.shared_memory = 0;
  EXPECT_EQ(post("/api/charts", package("alpha", "1.0.0")).status, 201U);
  ::setenv("TMPDIR", "/proc", 1);  // where no file can be made
  EXPECT_EQ(post("/api/charts", package("alpha", "2.0.0")).status, 507U);
  EXPECT_EQ(post_form("/api/charts", {{"chart", package("alpha", "2.0.0")}}).status, 507U);
  ::unsetenv("TMPDIR");
}

TEST_F(Writes, that_end_early_store_nothing) {
  PiecewiseBody cut(package("alpha", "1.0.0"), http::BodyFailure::malformed);
  EXPECT_EQ(ask(http::Method::post, "/api/charts", cut).status, 400U);
  PiecewiseBody slow(package("alpha", "1.0.0"), http::BodyFailure::timed_out);
  EXPECT_EQ(ask(http::Method::post, "/api/charts", slow).status, 408U);
  EXPECT_THAT(store->keys(), IsEmpty());
}

TEST_F(Writes, to_a_form_without_boundary_are_refused_unread) {
  PiecewiseBody body("--b\r\n");
  http::Headers headers;
  headers.add("Content-Type", "multipart/form-data");
  const http::Response response = ask(http::Method::post, "/api/charts", body, headers);
  EXPECT_EQ(response.status, 400U);
  EXPECT_TRUE(body.untouched());
}

TEST_F(Writes, nowhere_are_refused_unread) {
  PiecewiseBody body("x");
  EXPECT_EQ(ask(http::Method::post, "/api/chart", body).status, 404U);
  EXPECT_EQ(ask(http::Method::post, "/index.yaml", body).status, 405U);
  EXPECT_TRUE(body.untouched());
}

TEST_F(Writes, to_a_full_or_failing_storage_store_nothing_and_say_so) {
  store->fail_always(Operation::put, Failure{FailureKind::full, "/srv: ENOSPC"});
  const http::Response full = post("/api/charts", package("alpha", "1.0.0"));
  EXPECT_EQ(full.status, 507U);
  EXPECT_EQ(text(full).find("/srv"), std::string::npos);
  EXPECT_NE(full.log_comment.find("ENOSPC"), std::string::npos);
  store->repair();
  store->fail_always(Operation::put, Failure{FailureKind::denied, "/srv: EROFS"});
  EXPECT_EQ(post("/api/charts", package("alpha", "1.0.0")).status, 502U);
  EXPECT_THAT(store->keys(), IsEmpty());
}

TEST_F(Writes, that_delete_take_the_provenance_along) {
  post_form("/api/charts",
            {{"chart", package("alpha", "1.0.0")}, {"prov", provenance("alpha", "1.0.0")}});
  const http::Response response = ask(http::Method::delete_, "/api/charts/alpha/1.0.0");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(text(response), R"({"deleted":true})");
  EXPECT_THAT(store->keys(), testing::Not(testing::Contains(testing::HasSubstr("tgz"))));
}

TEST_F(Writes, that_delete_what_is_not_there_are_404) {
  post("/api/charts", package("alpha", "1.0.0"));
  for (const std::string_view target :
       {"/api/charts/alpha/2.0.0", "/api/charts/beta/1.0.0", "/api/charts/alpha/%5E1"}) {
    EXPECT_EQ(ask(http::Method::delete_, target).status, 404U) << target;
  }
  EXPECT_TRUE(store->bytes("alpha-1.0.0.tgz"));
}

}  // namespace
}  // namespace chartmuseum::api
