// SPDX-License-Identifier: Apache-2.0
#include "api/outcome.hpp"

#include <string>
#include <utility>

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

http::Response denial_response(auth::Denial denial) {
  const auto [status, text] = [&denial]() -> std::pair<unsigned, std::string_view> {
    switch (denial.kind) {
      case auth::Denial::Kind::unauthorized:
        return {401, "unauthorized"};
      case auth::Denial::Kind::forbidden:
        return {403, "forbidden"};
      case auth::Denial::Kind::slowed:
        return {429, "too many failed logins, try again later"};
      case auth::Denial::Kind::unavailable:
        break;
    }
    return {503, "credentials cannot be checked at the moment"};
  }();
  http::Response response = http::json_error(status, text);
  for (std::string& challenge : denial.challenges) {
    response.headers.add("WWW-Authenticate", std::move(challenge));
  }
  if (denial.retry_after.count() > 0) {
    response.headers.add("Retry-After", std::to_string(denial.retry_after.count()));
  }
  response.log_comment = std::move(denial.reason);
  return response;
}

}  // namespace chartmuseum::api
