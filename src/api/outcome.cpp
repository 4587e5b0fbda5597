// SPDX-License-Identifier: Apache-2.0
#include "api/outcome.hpp"

#include <string>

namespace chartmuseum::api {

namespace {

struct Answer {
  unsigned status;
  std::string_view text;
  bool try_again = false;
};

Answer answer_to(const repository::Refused& refused, const RefusalTexts& texts) {
  using repository::Refusal;
  switch (refused.kind) {
    case Refusal::exists:
      return {409, texts.exists};
    case Refusal::absent:
      return {404, texts.absent};
    case Refusal::invalid:
      return {400, refused.message};
    case Refusal::limit_reached:
      return {507, "repo has reached storage limit"};
    case Refusal::storage_full:
      return {507, "the storage is full"};
    case Refusal::storage_failed:
      return {502, "the storage failed"};
    case Refusal::unavailable:
      break;
  }
  return {503, "the storage is not available at the moment", true};
}

// The one client that is told to wait is better told a short time: a request costs little.
constexpr std::string_view kRetryAfterSeconds = "5";

}  // namespace

http::Response refusal_response(const repository::Refused& refused, const RefusalTexts& texts) {
  const Answer answer = answer_to(refused, texts);
  http::Response response = http::json_error(answer.status, answer.text);
  if (answer.try_again) response.headers.set("Retry-After", std::string(kRetryAfterSeconds));
  response.log_comment = refused.detail;
  return response;
}

http::Response body_failure_response(http::BodyFailure failure) {
  switch (failure) {
    case http::BodyFailure::too_large:
      return http::json_error(413, "request too large");
    case http::BodyFailure::malformed:
      return http::json_error(400, "malformed request body");
    case http::BodyFailure::timed_out:
      return http::json_error(408, "the request took too long");
    case http::BodyFailure::no_space:
      return http::json_error(507, "no space left to receive the request");
    case http::BodyFailure::closed:
      break;
  }
  return http::json_error(400, "the request ended early");  // nobody is there to read it
}

}  // namespace chartmuseum::api
