// SPDX-License-Identifier: Apache-2.0
#include "api/outcome.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace chartmuseum::api {
namespace {

using repository::Refusal;
using repository::Refused;

Refused refused(Refusal kind, std::string message = {}, std::string detail = {}) {
  return {kind, std::move(message), std::move(detail)};
}

std::string body_of(const http::Response& response) {
  return std::get<std::string>(response.body);
}

TEST(Outcome, of_each_refusal_has_one_status) {
  EXPECT_EQ(refusal_response(refused(Refusal::exists)).status, 409U);
  EXPECT_EQ(refusal_response(refused(Refusal::absent)).status, 404U);
  EXPECT_EQ(refusal_response(refused(Refusal::invalid)).status, 400U);
  EXPECT_EQ(refusal_response(refused(Refusal::limit_reached)).status, 507U);
  EXPECT_EQ(refusal_response(refused(Refusal::storage_full)).status, 507U);
  EXPECT_EQ(refusal_response(refused(Refusal::storage_failed)).status, 502U);
  EXPECT_EQ(refusal_response(refused(Refusal::unavailable)).status, 503U);
}

TEST(Outcome, of_a_conflict_reads_as_the_route_wants_it) {
  EXPECT_EQ(body_of(refusal_response(refused(Refusal::exists))),
            R"({"error":"file already exists"})");
  EXPECT_EQ(body_of(refusal_response(refused(Refusal::exists), {.exists = "chart already exists"})),
            R"({"error":"chart already exists"})");
}

TEST(Outcome, of_the_storage_limit_reads_as_the_contract_says) {
  EXPECT_EQ(body_of(refusal_response(refused(Refusal::limit_reached))),
            R"({"error":"repo has reached storage limit"})");
}

TEST(Outcome, of_bad_input_tells_the_reason) {
  EXPECT_EQ(
      body_of(refusal_response(refused(Refusal::invalid, "a/b-1.tgz is improperly formatted"))),
      R"({"error":"a/b-1.tgz is improperly formatted"})");
}

TEST(Outcome, keeps_the_cause_of_a_failing_storage_for_the_log) {
  for (const Refusal kind :
       {Refusal::storage_full, Refusal::storage_failed, Refusal::unavailable}) {
    const std::string cause = "write /srv/charts/a.tgz: EIO";
    const http::Response response = refusal_response(refused(kind, {}, cause));
    EXPECT_EQ(response.log_comment, cause);
    EXPECT_EQ(body_of(response).find("/srv"), std::string::npos);
  }
}

TEST(Outcome, of_an_outage_says_when_to_try_again) {
  EXPECT_TRUE(refusal_response(refused(Refusal::unavailable)).headers.get("Retry-After"));
  EXPECT_FALSE(refusal_response(refused(Refusal::absent)).headers.get("Retry-After"));
}

TEST(Outcome, of_a_body_that_could_not_be_read_has_one_status) {
  using http::BodyFailure;
  EXPECT_EQ(body_failure_response(BodyFailure::too_large).status, 413U);
  EXPECT_EQ(body_of(body_failure_response(BodyFailure::too_large)),
            R"({"error":"request too large"})");
  EXPECT_EQ(body_failure_response(BodyFailure::malformed).status, 400U);
  EXPECT_EQ(body_failure_response(BodyFailure::timed_out).status, 408U);
  EXPECT_EQ(body_failure_response(BodyFailure::no_space).status, 507U);
  EXPECT_EQ(body_failure_response(BodyFailure::closed).status, 400U);
}

}  // namespace
}  // namespace chartmuseum::api
