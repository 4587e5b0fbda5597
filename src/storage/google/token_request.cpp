// SPDX-License-Identifier: Apache-2.0
#include "storage/google/token_request.hpp"

#include "base/ascii.hpp"
#include "encoding/json_text.hpp"
#include "storage/google/google_answers.hpp"
#include "storage/remote/caller.hpp"
#include "transport/retry.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace chartmuseum::storage::google {

namespace {

namespace json = boost::json;
using encoding::string_member;

/// Between scheme and path, without a port.
std::string_view host_of(std::string_view url) {
  url.remove_prefix(std::min(url.find("://"), url.size()));
  url.remove_prefix(std::min<std::size_t>(3, url.size()));
  url = url.substr(0, url.find_first_of("/?#"));
  if (url.starts_with('[')) return url.substr(0, std::min(url.find(']'), url.size() - 1) + 1);
  return url.substr(0, url.find(':'));
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

/// A number, or one in a text, as some services write it.
std::optional<std::int64_t> seconds_member(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (!value->is_string()) return std::nullopt;
  const auto& text = value->get_string();
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

}  // namespace

bool may_be_told_secrets(std::string_view url) {
  if (url.contains('@') || has_control_character(url)) return false;
  if (transport::has_scheme(url, "https")) return !host_of(url).empty();
  return transport::has_scheme(url, "http") && is_this_machine(host_of(url));
}

std::expected<std::string, std::string> url_member(const json::object& object,
                                                   std::string_view name,
                                                   std::string_view fallback) {
  const auto member = string_member(object, name);
  const std::string url(member ? *member : fallback);
  if (!may_be_told_secrets(url)) {
    return std::unexpected("its \"" + std::string(name) + "\" is no https URL");
  }
  return url;
}

transport::Request form_request(std::string url, const QueryParameters& form) {
  transport::Request request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = transport::body_of(query_string(form));
  return request;
}

Task<Result<transport::Response>> ask_for_token(std::shared_ptr<transport::Client> client,
                                                transport::Request request) {
  transport::RetryPolicy policy;
  policy.attempts = 3;
  policy.total = std::chrono::seconds(15);
  policy.may_repeat_any = true;
  request.response_limit = 64UL * 1024;
  request.timeouts.whole =
      std::min<std::chrono::milliseconds>(request.timeouts.whole, std::chrono::seconds(10));
  Task<transport::Result<transport::Response>> sending =
      transport::send_with_retries(*client, std::move(request), policy);
  auto answer = co_await std::move(sending);
  if (!answer) co_return std::unexpected(failure_of(std::move(answer.error())));
  co_return std::move(*answer);
}

Result<Expiring<std::string>> token_in(const transport::Response& answer,
                                       const std::string& asked) {
  constexpr std::int64_t kLongest = 30L * 24 * 3600;  // none lasts longer
  if (answer.status != 200) return std::unexpected(token_refusal(answer, asked));
  const auto document = encoding::read_json_object(answer.body);
  const auto token = document ? string_member(*document, "access_token") : std::nullopt;
  if (!token || !is_token_text(*token)) {
    return std::unexpected(
        Failure{FailureKind::unavailable, asked + " answered with something that is no token"});
  }
  const auto lasts = seconds_member(*document, "expires_in").value_or(3600);
  return Expiring<std::string>{
      std::string(*token), std::chrono::system_clock::now() +
                               std::chrono::seconds(std::clamp<std::int64_t>(lasts, 0, kLongest))};
}

Failure token_refusal(const transport::Response& answer, const std::string& asked) {
  std::string detail = asked + " answered " + std::to_string(answer.status);
  // OAuth 2.0's {"error": "invalid_grant", "error_description": "..."}, or Google's own
  // {"error": {"message": "..."}}.
  if (const auto document = encoding::read_json_object(answer.body)) {
    const json::value* const error = document->if_contains("error");
    std::string said(string_member(*document, "error").value_or(""));
    said += ' ' + std::string(string_member(*document, "error_description").value_or(""));
    if (error != nullptr && error->is_object()) {
      said += string_member(error->get_object(), "message").value_or("");
    }
    if (said = said_in(said); !said.empty()) detail += ": " + said;
  }
  if (answer.status == 429) return {FailureKind::throttled, std::move(detail)};
  const bool refused = answer.status >= 400 && answer.status < 500 && answer.status != 408;
  return {refused ? FailureKind::denied : FailureKind::unavailable, std::move(detail)};
}

bool is_token_text(std::string_view token) {
  constexpr std::size_t kLongest = 16UL * 1024;
  return !token.empty() && token.size() <= kLongest &&
         std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace chartmuseum::storage::google
