// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
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
  const std::time_t seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(
          std::chrono::floor<std::chrono::seconds>(modified)));
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return;
  std::array<char, 64> text{};  // the names are English: the program never leaves the C locale
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  response.headers.set("Last-Modified", std::string(text.data(), length));
}

}  // namespace chartmuseum::api
