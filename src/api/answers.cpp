// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"

#include "http/date.hpp"

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

void set_last_modified(http::Response& response, Timestamp modified) {
  response.headers.set("Last-Modified",
                       http::format_date(std::chrono::floor<std::chrono::seconds>(modified)));
}

}  // namespace chartmuseum::api
