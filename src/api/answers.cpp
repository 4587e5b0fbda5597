// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"

#include "base/http_date.hpp"
#include "http/conditional.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace chartmuseum::api {

http::Response answer(std::string content_type, http::Body body) {
  http::Response response;
  response.headers.add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

http::Response json_answer(unsigned status, http::Body body) {
  http::Response response = answer("application/json; charset=utf-8", std::move(body));
  response.status = status;
  return response;
}

void set_etag(http::Response& response, std::string_view opaque) {
  const auto allowed = [](char c) { return c > ' ' && c < '\x7f' && c != '"'; };
  if (opaque.empty() || !std::ranges::all_of(opaque, allowed)) return;
  std::string tag;
  tag.reserve(opaque.size() + 2);
  tag += '"';
  tag += opaque;
  tag += '"';
  response.headers.set("ETag", std::move(tag));
}

bool is_settled(const http::Request& request, const http::Response& response) {
  return http::evaluate(request.headers, response.headers) != http::Precondition::holds;
}

std::optional<http::Body> bounded_body(std::shared_ptr<MemoryBudget> memory, std::string text) {
  struct Held {
    explicit Held(std::shared_ptr<MemoryBudget> budget) : share(std::move(budget)) {}
    MemoryShare share;
    std::string text;
  };
  const auto held = std::make_shared<Held>(std::move(memory));
  text.shrink_to_fit();
  if (!held->share.grow(text.capacity())) return std::nullopt;
  held->text = std::move(text);
  Rope rope;
  rope.append(std::shared_ptr<const std::string>(held, &held->text));
  return std::make_shared<const Rope>(std::move(rope));
}

http::Response too_busy() {
  http::Response response = http::json_error(503, "the server is too busy, try again later");
  response.headers.set("Retry-After", "5");
  response.log_comment = "the memory for answers is used up";
  return response;
}

void set_last_modified(http::Response& response, Timestamp modified) {
  response.headers.set("Last-Modified",
                       format_http_date(std::chrono::floor<std::chrono::seconds>(modified)));
}

}  // namespace chartmuseum::api
