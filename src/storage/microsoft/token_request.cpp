// SPDX-License-Identifier: Apache-2.0
#include "storage/microsoft/token_request.hpp"

#include "encoding/json_text.hpp"
#include "storage/remote/caller.hpp"
#include "transport/retry.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace chartmuseum::storage::microsoft {

namespace {

constexpr std::uint64_t kLongestAnswer = 256UL * 1024;

std::optional<std::int64_t> seconds_in(const boost::json::object& answer, std::string_view name) {
  const boost::json::value* const value = answer.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (!value->is_string()) return std::nullopt;
  const std::string_view text = value->get_string();
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || read != end) return std::nullopt;
  return seconds;
}

/// As `error` of RFC 6749, 5.2.
bool is_error_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::optional<Expiring<std::string>> read_token(std::string_view json,
                                                std::chrono::system_clock::time_point now) {
  const auto answer = encoding::read_json_object(json);
  if (!answer) return std::nullopt;
  const auto token = encoding::string_member(*answer, "access_token");
  const bool sendable = token && !token->empty() &&
                        std::ranges::all_of(*token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!sendable) return std::nullopt;

  auto left = seconds_in(*answer, "expires_in");
  if (!left) {
    left = seconds_in(*answer, "expires_on");
    const auto today = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (left) *left = *left > today ? *left - today : 0;
  }
  if (!left || *left <= 0) return std::nullopt;
  constexpr std::int64_t kWeek = 7L * 24 * 3600;  // no token is good for longer
  return Expiring<std::string>{std::string(*token),
                               now + std::chrono::seconds(std::min(*left, kWeek))};
}

std::string token_error(std::string_view json) {
  const auto answer = encoding::read_json_object(json);
  if (!answer) return {};
  const auto error = encoding::string_member(*answer, "error");
  if (!error || !is_error_code(*error)) return {};
  std::string text(*error);
  // Microsoft's own code, by which the reason can be looked up, begins the description.
  const std::string_view description =
      encoding::string_member(*answer, "error_description").value_or("");
  const std::string_view code = description.substr(0, description.find(':'));
  if (code.starts_with("AADSTS") && is_error_code(code)) text.append(" ").append(code);
  return text;
}

Task<Result<Expiring<std::string>>> request_token(std::shared_ptr<transport::Client> client,
                                                  transport::Request request, std::string who,
                                                  std::string check) {
  request.response_limit = kLongestAnswer;
  request.timeouts.whole = std::chrono::seconds(15);
  transport::RetryPolicy policy;
  policy.attempts = 4;
  policy.total = std::chrono::seconds(20);
  policy.may_repeat_any = true;
  Task<transport::Result<transport::Response>> sending =
      transport::send_with_retries(*client, std::move(request), policy);
  auto answer = co_await std::move(sending);
  if (!answer) {
    Failure failure = failure_of(std::move(answer.error()));
    failure.detail = "no token from " + who + ": " + failure.detail + "; " + check;
    co_return std::unexpected(std::move(failure));
  }
  if (answer->status == 200) {
    if (auto token = read_token(answer->body, std::chrono::system_clock::now())) co_return *token;
    co_return std::unexpected(
        Failure{FailureKind::unavailable, "no token in the answer of " + who});
  }
  std::string detail =
      "no token from " + who + ": it answers with status " + std::to_string(answer->status);
  if (const std::string error = token_error(answer->body); !error.empty()) detail += ' ' + error;
  const bool refused = answer->status == 400 || answer->status == 401 || answer->status == 403;
  co_return std::unexpected(Failure{refused ? FailureKind::denied : FailureKind::unavailable,
                                    detail.append("; ").append(check)});
}

}  // namespace chartmuseum::storage::microsoft
